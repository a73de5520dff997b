data "storage_infinibox_volume_snapshots" "old" {
  filters = [{ field = "created_at", operator = "lt", values = ["2026-01-01T00:00:00Z"] }]
}

data "storage_infinibox_volume_delete_simulation" "old" {
  ids = data.storage_infinibox_volume_snapshots.old.volume_snapshots[*].id
}

check "worth_it" {
  assert {
    condition     = data.storage_infinibox_volume_delete_simulation.old.space_reclaimable_bytes < provider::storage::bytes("1TB")
    error_message = "Snapshots from before 2026 hold ${data.storage_infinibox_volume_delete_simulation.old.space_reclaimable}: delete them."
  }
}
