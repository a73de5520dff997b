data "storage_infinibox_user" "admin" {
  name = "admin"
}
