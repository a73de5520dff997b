action "storage_infinibox_host_cluster_lun_unmap" "scratch" {
  config {
    cluster_id = 1003
    lun        = 7
    approved   = true
  }
}
