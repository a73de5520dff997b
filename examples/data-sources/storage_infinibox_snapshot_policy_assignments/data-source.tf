data "storage_infinibox_snapshot_policy_assignments" "gold" {
  snapshot_policy_id = 182
}

# The array lists assignments by policy: those of all policies take one listing each.
data "storage_infinibox_snapshot_policies" "all" {}

data "storage_infinibox_snapshot_policy_assignments" "all" {
  for_each = { for policy in data.storage_infinibox_snapshot_policies.all.snapshot_policies : policy.name => policy.id }

  snapshot_policy_id = each.value
}
