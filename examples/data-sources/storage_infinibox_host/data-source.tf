data "storage_infinibox_host" "db1" {
  name = "db1"
}
