data "storage_infinibox_pool_administrators" "db" {
  pool_id = 1000
}
