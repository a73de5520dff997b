data "storage_infinibox_host_cluster_member" "db1" {
  cluster_id = 1010
  host_id    = 1012
}
