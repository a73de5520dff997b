data "storage_infinibox_network_space_ips" "nas" {
  network_space_id = 1001
}
