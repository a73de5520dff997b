# By name, or by id.
terraform import storage_infinibox_filesystem.home name=home
terraform import storage_infinibox_filesystem.home 1001
