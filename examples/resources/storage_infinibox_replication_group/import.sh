# By name, or by id.
terraform import storage_infinibox_replication_group.database name=database
terraform import storage_infinibox_replication_group.database 1002
