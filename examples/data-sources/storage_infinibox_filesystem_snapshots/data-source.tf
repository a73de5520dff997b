data "storage_infinibox_filesystem" "home" {
  name = "home"
}

# The snapshots of a filesystem, the newest first.
data "storage_infinibox_filesystem_snapshots" "of_home" {
  filters = [{ field = "parent_id", values = [data.storage_infinibox_filesystem.home.id] }]
  sort    = ["-created_at"]
}
