# By id, or by name.
terraform import storage_infinibox_snapshot_group.before_upgrade 1020
terraform import storage_infinibox_snapshot_group.before_upgrade name=db-before-upgrade
