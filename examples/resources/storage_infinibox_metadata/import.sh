# By the object that carries it.
terraform import storage_infinibox_metadata.legacy object_id=1001
