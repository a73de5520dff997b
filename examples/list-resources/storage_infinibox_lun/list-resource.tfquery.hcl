list "storage_infinibox_lun" "all" {
  provider = storage
}
