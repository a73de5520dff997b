data "storage_infinibox_pool_attribute" "disk_usage" {
  pool_id   = 1000
  attribute = "total_disk_usage"
}
