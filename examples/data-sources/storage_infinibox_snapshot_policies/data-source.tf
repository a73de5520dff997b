data "storage_infinibox_snapshot_policies" "all" {}

output "policies" {
  value = { for policy in data.storage_infinibox_snapshot_policies.all.snapshot_policies : policy.name => policy.schedules[*].name }
}
