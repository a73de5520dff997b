list "storage_infinibox_nfs_user" "all" {
  provider = storage
}
