# The ten largest filesystems that nobody exports.
data "storage_infinibox_filesystems" "unused" {
  filters = [{ field = "mapped", values = ["false"] }]
  sort    = ["-size"]
  limit   = 10
}
