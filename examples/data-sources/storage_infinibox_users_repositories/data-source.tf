# In the order in which the array looks for users.
data "storage_infinibox_users_repositories" "all" {
  sort = ["search_order"]
}
