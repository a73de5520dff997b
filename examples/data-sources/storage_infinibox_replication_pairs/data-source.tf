data "storage_infinibox_replication_pairs" "data" {
  volume_id = 1001
}
