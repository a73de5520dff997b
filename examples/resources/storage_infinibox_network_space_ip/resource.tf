data "storage_infinibox_network_space" "nas" {
  name = "nas"
}

# Six addresses: 192.168.11.1 to 192.168.11.6.
resource "storage_infinibox_network_space_ip" "nas" {
  count = 6

  network_space_id = data.storage_infinibox_network_space.nas.id
  ip_address       = cidrhost(data.storage_infinibox_network_space.nas.network, count.index + 1)
}
