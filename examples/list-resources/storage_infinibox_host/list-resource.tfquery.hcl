list "storage_infinibox_host" "all" {
  provider = storage
}
