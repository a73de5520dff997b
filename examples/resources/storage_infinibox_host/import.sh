# By name, or by id.
terraform import storage_infinibox_host.db1 name=db1
terraform import storage_infinibox_host.db1 1001
