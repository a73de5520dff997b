data "storage_infinibox_port_group" "first" {
  node_id = 1
  id      = 1
}
