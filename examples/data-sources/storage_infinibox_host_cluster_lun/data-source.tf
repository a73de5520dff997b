data "storage_infinibox_host_cluster_lun" "quorum" {
  cluster_id = 1003
  lun        = 1
}
