list "storage_infinibox_pool" "all" {
  provider = storage
}
