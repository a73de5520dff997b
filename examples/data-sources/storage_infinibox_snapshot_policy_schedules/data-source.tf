data "storage_infinibox_snapshot_policy_schedules" "gold" {
  snapshot_policy_id = 182
}
