# By the policy, and what is assigned to it: their names or their ids.
terraform import storage_infinibox_snapshot_policy_assignment.db snapshot_policy=gold,assigned_entity=db
terraform import storage_infinibox_snapshot_policy_assignment.db snapshot_policy_id=182,assigned_entity_id=1010
