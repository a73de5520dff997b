resource "storage_infinibox_pool" "vms" {
  name              = "vms"
  physical_capacity = "10TB"
  type              = "VVOL"
}

resource "storage_infinibox_replication_group" "database" {
  name    = "database"
  pool_id = storage_infinibox_pool.vms.id
}
