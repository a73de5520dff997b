# The ten largest volumes that no host sees.
data "storage_infinibox_volumes" "unused" {
  filters = [{ field = "mapped", values = ["false"] }]
  sort    = ["-size"]
  limit   = 10
}
