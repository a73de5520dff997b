# By id, or by name.
terraform import storage_infinibox_consistency_group.db 1010
terraform import storage_infinibox_consistency_group.db name=db
