data "storage_infinibox_qos_assigned_entities" "all" {}

data "storage_infinibox_qos_assigned_entities" "gold" {
  qos_policy_id = 1004
}
