# By the node's number, and the port's.
terraform import storage_infinibox_fc_port.service node_id=1,id=3
