# By name, or by id.
terraform import storage_infinibox_host_cluster.db name=db
terraform import storage_infinibox_host_cluster.db 1001
