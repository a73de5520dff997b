data "storage_infinibox_network_space" "nas" {
  name = "nas"
}

# The clients of another site are behind a gateway of their own.
resource "storage_infinibox_network_space_route" "site" {
  network_space_id = data.storage_infinibox_network_space.nas.id
  network          = "10.20.0.0/16"
  gateway          = "192.168.11.253"
}
