# By the network space, its name or its id, and the address.
terraform import 'storage_infinibox_network_space_ip.nas[0]' network_space=nas,ip_address=192.168.11.1
terraform import 'storage_infinibox_network_space_ip.nas[0]' network_space_id=1001,ip_address=192.168.11.1
