# By id, or by name.
terraform import storage_infinibox_qos_policy.silver 1001
terraform import storage_infinibox_qos_policy.silver name=silver
