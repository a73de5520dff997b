data "storage_infinibox_snapshot_policy_assignments" "gold" {
  snapshot_policy_id = 182
}
