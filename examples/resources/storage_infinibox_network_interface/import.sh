# By the id, or by the node and the name.
terraform import storage_infinibox_network_interface.data 1001
terraform import storage_infinibox_network_interface.data 1/data
