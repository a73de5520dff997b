list "storage_infinibox_filesystem_snapshot" "all" {
  provider = storage
}
