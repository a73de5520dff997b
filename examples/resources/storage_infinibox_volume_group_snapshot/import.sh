# By the ids of the snapshots.
terraform import storage_infinibox_volume_group_snapshot.before_upgrade 1030,1031,1032,1033
