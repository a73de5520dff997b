data "storage_infinibox_search" "db" {
  query = "db"
  type  = "volume"
}
