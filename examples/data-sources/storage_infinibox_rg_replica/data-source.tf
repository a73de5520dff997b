data "storage_infinibox_rg_replica" "database" {
  id = 2
}

output "age" {
  value = data.storage_infinibox_rg_replica.database.last_synchronized
}
