# By the network space's id, and the address.
terraform import 'storage_infinibox_network_space_ip.nas[0]' network_space_id=1001,ip_address=192.168.11.1
