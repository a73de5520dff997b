data "storage_infinibox_network_interface" "data" {
  node_id = 1
  name    = "data"
}
