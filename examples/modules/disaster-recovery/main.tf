data "storage_infinibox_network_space" "replication" {
  name = var.network_space
}

resource "storage_infinibox_link" "this" {
  name                               = var.name
  remote_host                        = var.target.address
  local_replication_network_space_id = data.storage_infinibox_network_space.replication.id
}

resource "storage_infinibox_pool" "this" {
  name              = var.name
  physical_capacity = var.capacity
}

resource "storage_infinibox_volume" "this" {
  for_each = var.volumes

  name    = "${var.name}-${each.key}"
  pool_id = storage_infinibox_pool.this.id
  size    = each.value
}

# All volumes are copied together, as of one moment.
resource "storage_infinibox_consistency_group" "this" {
  name       = var.name
  pool_id    = storage_infinibox_pool.this.id
  member_ids = [for volume in storage_infinibox_volume.this : volume.id]
}

# What is left out is left to the array: a failover changes it, and is not drift.
resource "storage_infinibox_replica" "this" {
  link_id              = storage_infinibox_link.this.id
  consistency_group_id = storage_infinibox_consistency_group.this.id
  remote_pool_id       = var.target.pool_id
  replication_type     = "ASYNC"
  sync_interval        = "${var.minutes}m"
  rpo                  = "${3 * var.minutes}m"
}
