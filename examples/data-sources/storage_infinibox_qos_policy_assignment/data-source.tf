data "storage_infinibox_qos_policy_assignment" "data" {
  qos_policy_id = 1001
  entity_id     = 1002
}
