variable "dr_pool_id" {
  description = "The id of the pool on the other array."
  type        = number
}

data "storage_infinibox_link" "dr" {
  name = "to-dr"
}

data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

data "storage_infinibox_volume" "web" {
  name = "web"
}

# A database: all volumes of its group are copied together, as of one point in time.
resource "storage_infinibox_replica" "db" {
  link_id              = data.storage_infinibox_link.dr.id
  consistency_group_id = data.storage_infinibox_consistency_group.db.id
  remote_pool_id       = var.dr_pool_id
  replication_type     = "ASYNC"
  sync_interval        = "5m"
  rpo                  = "15m"
}

# One volume that hosts of both sites work on.
resource "storage_infinibox_replica" "web" {
  link_id          = data.storage_infinibox_link.dr.id
  volume_id        = data.storage_infinibox_volume.web.id
  remote_pool_id   = var.dr_pool_id
  replication_type = "ACTIVE_ACTIVE"
  entity_pairs     = [{ remote_entity_name = "web-dr" }]
}
