# The VLANs of a node.
data "storage_infinibox_network_interfaces" "vlans" {
  filters = [
    { field = "type", values = ["VLAN"] },
    { field = "node_id", values = ["1"] },
  ]
}
