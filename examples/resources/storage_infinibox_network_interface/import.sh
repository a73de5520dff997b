# By the id, or by the node and the name. A VLAN has its group in place of a node:
# underlying_interface_id=1001,name=nfs.
terraform import storage_infinibox_network_interface.data 1001
terraform import storage_infinibox_network_interface.data node_id=1,name=data
