# By name, or by id.
terraform import storage_infinibox_pool.db name=db
terraform import storage_infinibox_pool.db 1001
