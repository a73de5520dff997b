list "storage_infinibox_fc_port" "node_1" {
  provider = storage

  config {
    node_id = 1
  }
}
