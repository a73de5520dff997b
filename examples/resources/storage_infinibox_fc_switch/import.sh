# By the id or by the name.
terraform import storage_infinibox_fc_switch.left 1
terraform import storage_infinibox_fc_switch.left name=fabric-left
