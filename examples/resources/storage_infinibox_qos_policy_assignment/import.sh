# By the policy, and what is assigned to it: their names or their ids.
terraform import storage_infinibox_qos_policy_assignment.data qos_policy=silver,entity=db-data-1
terraform import storage_infinibox_qos_policy_assignment.data qos_policy_id=1001,entity_id=1002
