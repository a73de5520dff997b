data "storage_infinibox_pools" "all" {
  sort = ["name"]
}

output "nearly_full" {
  value = [
    for pool in data.storage_infinibox_pools.all.pools : pool.name
    if provider::storage::bytes(pool.free_physical_space) < provider::storage::bytes("1TB")
  ]
}
