# By name, or by id; the ids of built-in users are negative.
terraform import storage_infinibox_user.dba name=dba
terraform import storage_infinibox_user.dba 1001
