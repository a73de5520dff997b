data "storage_infinibox_user_roles" "all" {}
