output "system" {
  description = "What the array calls itself."
  value       = data.storage_infinibox_system.this.name
}

output "pools" {
  description = "The ids of the pools, by name."
  value       = { for name, pool in storage_infinibox_pool.this : name => pool.id }
}

output "snapshot_policy_id" {
  description = "The id of the policy that takes a snapshot each night."
  value       = storage_infinibox_snapshot_policy.nightly.id
}
