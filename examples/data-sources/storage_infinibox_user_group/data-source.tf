data "storage_infinibox_user_group" "dbas" {
  name = "dbas"
}
