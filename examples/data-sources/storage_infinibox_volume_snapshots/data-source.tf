data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

# The snapshots of a volume, the newest first.
data "storage_infinibox_volume_snapshots" "of_data" {
  filters = [{ field = "parent_id", values = [data.storage_infinibox_volume.data.id] }]
  sort    = ["-created_at"]
}
