list "storage_infinibox_network_space" "all" {
  provider = storage
}
