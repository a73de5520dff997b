list "storage_infinibox_users_repository" "all" {
  provider = storage
}
