# By id, or by name.
terraform import storage_infinibox_snapshot_policy.gold 182
terraform import storage_infinibox_snapshot_policy.gold name=gold
