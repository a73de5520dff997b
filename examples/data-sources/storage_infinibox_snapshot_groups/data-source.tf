data "storage_infinibox_snapshot_groups" "locked" {
  filters = [{ field = "lock_expires_at", operator = "isnot" }]
}
