data "storage_infinibox_infiniband_port" "first" {
  node_id = 1
  id      = 1
}
