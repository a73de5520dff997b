list "storage_infinibox_consistency_group_member" "all" {
  provider = storage
}
