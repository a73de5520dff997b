# By id, or by name where no two groups have it.
terraform import storage_infinibox_user_group.dbas 1002
terraform import storage_infinibox_user_group.dbas name=dbas
