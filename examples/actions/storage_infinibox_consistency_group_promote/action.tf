action "storage_infinibox_consistency_group_promote" "clone" {
  config {
    snapshot_group_id = 1020
    approved          = true
  }
}
