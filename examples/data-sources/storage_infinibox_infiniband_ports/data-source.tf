data "storage_infinibox_infiniband_ports" "all" {
  node_id = 1
}
