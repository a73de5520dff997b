list "storage_infinibox_replica" "all" {
  provider = storage
}
