list "storage_infinibox_share" "all" {
  provider = storage
}
