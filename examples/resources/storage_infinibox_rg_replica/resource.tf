resource "storage_infinibox_replication_group" "database" {
  name    = "database"
  pool_id = data.storage_infinibox_pool.vms.id
}

# The group is copied into the other site's pool every five minutes.
resource "storage_infinibox_rg_replica" "database" {
  replication_group_id = storage_infinibox_replication_group.database.id
  link_id              = data.storage_infinibox_link.recovery.id
  remote_pool_id       = data.storage_infinibox_pool.recovery.id
  sync_interval        = "5m"
  rpo                  = "10m"
}

data "storage_infinibox_pool" "vms" {
  name = "vms"
}

data "storage_infinibox_link" "recovery" {
  name = "recovery"
}

data "storage_infinibox_pool" "recovery" {
  provider = storage.recovery
  name     = "vms"
}

provider "storage" {
  alias = "recovery"
  infinibox = {
    endpoint = "https://ibox2.example.com"
  }
}
