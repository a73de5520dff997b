data "storage_infinibox_node_drives" "all" {
  node_id = 1
}
