# By name, or by id.
terraform import storage_infinibox_filesystem_snapshot.before_migration name=home-before-migration
terraform import storage_infinibox_filesystem_snapshot.before_migration 1002
