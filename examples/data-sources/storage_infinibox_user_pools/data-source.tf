data "storage_infinibox_user" "dba" {
  name = "dba"
}

data "storage_infinibox_user_pools" "dba" {
  user_id = data.storage_infinibox_user.dba.id
}
