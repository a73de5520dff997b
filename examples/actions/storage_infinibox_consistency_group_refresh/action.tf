action "storage_infinibox_consistency_group_refresh" "test" {
  config {
    snapshot_group_id    = 1020
    consistency_group_id = 1010
    approved             = true
  }
}
