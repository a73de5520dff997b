output "pool_id" {
  description = "The id of the pool."
  value       = storage_infinibox_pool.this.id
}

output "capacity" {
  description = "The pool's capacity."
  value       = storage_infinibox_pool.this.physical_capacity
}

output "paths" {
  description = "The path to mount, by filesystem."
  value       = { for name, export in storage_infinibox_export.this : name => export.export_path }
}
