data "storage_infinibox_users_repository" "corp" {
  name = "corp"
}

data "storage_infinibox_users_repository" "people" {
  name = "people"
}

# The array's own users (-1) come first, so that nobody in a directory can take their names.
resource "storage_infinibox_users_repository_order" "this" {
  repository_ids = [
    -1,
    data.storage_infinibox_users_repository.corp.id,
    data.storage_infinibox_users_repository.people.id,
  ]
}
