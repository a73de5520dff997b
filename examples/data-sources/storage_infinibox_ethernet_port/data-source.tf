data "storage_infinibox_ethernet_port" "first" {
  node_id = 1
  id      = 1
}
