list "storage_infinibox_network_interface" "all" {
  provider = storage
}
