# The node's interface that has the address now.
data "storage_infinibox_network_space_ip" "first" {
  network_space_id = 1001
  ip_address       = "192.168.11.1"
}
