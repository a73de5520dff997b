# By the network space, its name or its id, and the route's network or id.
terraform import storage_infinibox_network_space_route.site network_space=nas,network=10.20.0.0/16
terraform import storage_infinibox_network_space_route.site network_space_id=1001,id=1010
terraform import storage_infinibox_network_space_route.site network_space_id=1001,network=10.20.0.0/16
