list "storage_infinibox_qos_policy_assignment" "silver" {
  provider = storage

  config {
    qos_policy_id = 1001
  }
}
