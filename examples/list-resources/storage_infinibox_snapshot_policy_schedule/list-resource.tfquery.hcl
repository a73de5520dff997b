list "storage_infinibox_snapshot_policy_schedule" "gold" {
  provider = storage

  config {
    snapshot_policy_id = 182
  }
}
