data "storage_infinibox_node" "first" {
  name = "node-1"
}
