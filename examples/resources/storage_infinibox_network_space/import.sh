# By the id or by the name.
terraform import storage_infinibox_network_space.nas 1001
terraform import storage_infinibox_network_space.nas name=nas
