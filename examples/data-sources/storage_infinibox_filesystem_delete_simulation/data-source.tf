data "storage_infinibox_filesystem_snapshots" "old" {
  filters = [{ field = "created_at", operator = "lt", values = ["2026-01-01T00:00:00Z"] }]
}

data "storage_infinibox_filesystem_delete_simulation" "old" {
  ids = data.storage_infinibox_filesystem_snapshots.old.filesystem_snapshots[*].id
}

output "freed_by_deleting_old_snapshots" {
  value = data.storage_infinibox_filesystem_delete_simulation.old.space_reclaimable
}
