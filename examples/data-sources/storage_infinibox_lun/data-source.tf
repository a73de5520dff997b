data "storage_infinibox_lun" "db" {
  volume_id  = 1001
  cluster_id = 1010
}
