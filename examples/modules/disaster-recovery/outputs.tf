output "replica_id" {
  description = "The id of the replica on this array, for the actions of a failover."
  value       = storage_infinibox_replica.this.id
}

output "target_replica_id" {
  description = "The id of the replica on the other array, for the module `target` and the actions there."
  value       = storage_infinibox_replica.this.remote_replica_id
}

output "volumes" {
  description = "The ids of the volumes, by name."
  value       = { for name, volume in storage_infinibox_volume.this : name => volume.id }
}
