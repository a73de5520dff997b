data "storage_infinibox_ethernet_ports" "all" {
  node_id = 1
}
