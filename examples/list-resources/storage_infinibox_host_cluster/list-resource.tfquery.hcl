list "storage_infinibox_host_cluster" "all" {
  provider = storage
}
