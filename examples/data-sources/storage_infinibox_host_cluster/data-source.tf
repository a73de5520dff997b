data "storage_infinibox_host_cluster" "db" {
  name = "db"
}
