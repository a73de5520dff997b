data "storage_infinibox_network_space" "rmr" {
  name = "rmr"
}

# Made on one of the two arrays, and then there on both.
resource "storage_infinibox_link" "dr" {
  name                               = "to-dr"
  remote_host                        = "10.0.2.1"
  local_replication_network_space_id = data.storage_infinibox_network_space.rmr.id
  witness_address                    = "10.9.9.9"
}
