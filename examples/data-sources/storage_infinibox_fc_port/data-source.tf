data "storage_infinibox_fc_port" "first" {
  node_id = 1
  id      = 1
}
