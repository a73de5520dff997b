data "storage_infinibox_filesystem" "home" {
  name = "home"
}
