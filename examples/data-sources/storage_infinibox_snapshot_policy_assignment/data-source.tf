data "storage_infinibox_snapshot_policy_assignment" "db" {
  snapshot_policy_id = 182
  assigned_entity_id = 1010
}
