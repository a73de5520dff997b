list "storage_infinibox_snapshot_policy" "all" {
  provider = storage
}
