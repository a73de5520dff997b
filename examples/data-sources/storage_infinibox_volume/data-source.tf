data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}
