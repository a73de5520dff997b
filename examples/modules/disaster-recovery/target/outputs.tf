output "pool_id" {
  description = "The id of the pool, which the module of the other array takes."
  value       = storage_infinibox_pool.this.id
}
