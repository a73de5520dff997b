data "storage_infinibox_users_repository_order" "this" {}
