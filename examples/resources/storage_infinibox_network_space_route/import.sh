# By the network space's id, and the route's id or network.
terraform import storage_infinibox_network_space_route.site network_space_id=1001,id=1010
terraform import storage_infinibox_network_space_route.site network_space_id=1001,network=10.20.0.0/16
