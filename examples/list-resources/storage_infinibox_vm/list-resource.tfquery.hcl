list "storage_infinibox_vm" "all" {
  provider = storage
}
