data "storage_infinibox_fc_ports" "node_1" {
  node_id = 1
}

# The ports that a zone can name.
output "wwpns" {
  value = [for p in data.storage_infinibox_fc_ports.node_1.fc_ports : p.wwpn if p.enabled && p.link_state == "UP"]
}
