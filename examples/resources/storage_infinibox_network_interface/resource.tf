# One group of two ports on each node, and a VLAN on each group.
resource "storage_infinibox_network_interface" "data" {
  for_each = toset(["1", "2", "3"])

  name    = "data"
  type    = "PORT_GROUP"
  node_id = each.key
  ports   = ["eth-data1", "eth-data2"]
}

resource "storage_infinibox_network_interface" "nfs" {
  for_each = storage_infinibox_network_interface.data

  name                    = "nfs"
  type                    = "VLAN"
  underlying_interface_id = each.value.id
  vlan                    = 11
  rate_limit              = 10000
}
