list "storage_infinibox_host_cluster_member" "all" {
  provider = storage
}
