list "storage_infinibox_user_group" "all" {
  provider = storage
}
