# By the policy's id, and the schedule's id or name.
terraform import storage_infinibox_snapshot_policy_schedule.hourly snapshot_policy_id=182,id=183
terraform import storage_infinibox_snapshot_policy_schedule.hourly snapshot_policy_id=182,name=hourly
