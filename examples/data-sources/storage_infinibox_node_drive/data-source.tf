data "storage_infinibox_node_drive" "first" {
  node_id = 1
  id      = 1
}
