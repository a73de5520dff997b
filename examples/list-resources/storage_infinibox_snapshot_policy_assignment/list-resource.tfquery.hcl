list "storage_infinibox_snapshot_policy_assignment" "gold" {
  provider = storage

  config {
    snapshot_policy_id = 182
  }
}
