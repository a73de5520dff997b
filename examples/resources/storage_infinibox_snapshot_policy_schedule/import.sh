# By the policy, and the schedule: their names or their ids.
terraform import storage_infinibox_snapshot_policy_schedule.hourly snapshot_policy=gold,name=hourly
terraform import storage_infinibox_snapshot_policy_schedule.hourly snapshot_policy_id=182,id=183
terraform import storage_infinibox_snapshot_policy_schedule.hourly snapshot_policy_id=182,name=hourly
