data "storage_infinibox_qos_policy_assignments" "silver" {
  qos_policy_id = 1001
}

# The array lists assignments by policy: those of all policies take one listing each.
data "storage_infinibox_qos_policies" "all" {}

data "storage_infinibox_qos_policy_assignments" "all" {
  for_each = { for policy in data.storage_infinibox_qos_policies.all.qos_policies : policy.name => policy.id }

  qos_policy_id = each.value
}
