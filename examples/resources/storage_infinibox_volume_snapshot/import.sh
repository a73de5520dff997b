# By name, or by id.
terraform import storage_infinibox_volume_snapshot.before_upgrade name=db-data-1-before-upgrade
terraform import storage_infinibox_volume_snapshot.before_upgrade 1001
