data "storage_infinibox_network_space_route" "site" {
  network_space_id = 1001
  network          = "10.20.0.0/16"
}
