data "storage_infinibox_port_groups" "all" {
  node_id = 1
}
