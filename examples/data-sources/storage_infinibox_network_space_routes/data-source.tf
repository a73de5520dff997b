data "storage_infinibox_network_space_routes" "nas" {
  network_space_id = 1001
}
