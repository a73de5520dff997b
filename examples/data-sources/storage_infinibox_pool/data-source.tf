data "storage_infinibox_pool" "db" {
  name = "db"
}

output "free" {
  value = data.storage_infinibox_pool.db.free_physical_space
}
