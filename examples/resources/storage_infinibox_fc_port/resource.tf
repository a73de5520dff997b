# A port whose module is to be changed.
resource "storage_infinibox_fc_port" "service" {
  node_id  = 1
  id       = 3
  enabled  = false
  approved = true
}
