resource "storage_infinibox_network_interface" "data" {
  for_each = toset(["1", "2", "3"])

  name    = "data"
  type    = "PORT_GROUP"
  node_id = each.key
  ports   = ["eth-data1", "eth-data2"]
}

resource "storage_infinibox_network_space" "nas" {
  name            = "nas"
  service         = "NAS_SERVICE"
  interface_ids   = [for i in storage_infinibox_network_interface.data : i.id]
  network         = "192.168.11.0/24"
  default_gateway = "192.168.11.254"
  mtu             = 9000
}

# iSCSI may share the ports with files.
resource "storage_infinibox_network_space" "iscsi" {
  name                          = "iscsi"
  service                       = "ISCSI_SERVICE"
  interface_ids                 = [for i in storage_infinibox_network_interface.data : i.id]
  network                       = "192.168.12.0/24"
  mtu                           = 9000
  iscsi_default_security_method = "CHAP"
}
