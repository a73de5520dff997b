list "storage_infinibox_network_space_ip" "nas" {
  provider = storage

  config {
    network_space_id = 1001
  }
}
