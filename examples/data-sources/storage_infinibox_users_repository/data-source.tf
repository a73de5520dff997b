data "storage_infinibox_users_repository" "corp" {
  name = "corp"
}
