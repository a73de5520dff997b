list "storage_infinibox_link" "all" {
  provider = storage
}
