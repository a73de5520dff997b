data "storage_infinibox_qos_policy_assignments" "silver" {
  qos_policy_id = 1001
}
