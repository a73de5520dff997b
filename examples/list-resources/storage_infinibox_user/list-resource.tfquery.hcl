list "storage_infinibox_user" "all" {
  provider = storage
}
