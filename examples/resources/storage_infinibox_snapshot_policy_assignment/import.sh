# By the policy, and what is assigned to it.
terraform import storage_infinibox_snapshot_policy_assignment.db snapshot_policy_id=182,assigned_entity_id=1010
