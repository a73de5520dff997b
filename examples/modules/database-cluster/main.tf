locals {
  needed = sum([for size in values(var.volumes) : provider::storage::bytes(size)])
}

resource "storage_infinibox_pool" "this" {
  name              = var.name
  physical_capacity = coalesce(var.capacity, provider::storage::capacity_round_up(local.needed * 1.2, "1TB"))

  lifecycle {
    precondition {
      condition     = var.capacity == null ? true : provider::storage::bytes(var.capacity) >= local.needed
      error_message = "The volumes need ${local.needed} bytes, which is more than capacity."
    }
  }
}

resource "storage_infinibox_volume" "this" {
  for_each = var.volumes

  name    = "${var.name}-${each.key}"
  pool_id = storage_infinibox_pool.this.id
  size    = each.value
}

# Snapshots of the group are of one moment, which is what a database can start from.
resource "storage_infinibox_consistency_group" "this" {
  name       = var.name
  pool_id    = storage_infinibox_pool.this.id
  member_ids = [for volume in storage_infinibox_volume.this : volume.id]

  snapshot_policy_id = one(storage_infinibox_snapshot_policy.this[*].id)
}

resource "storage_infinibox_snapshot_policy" "this" {
  count = var.snapshots == null ? 0 : 1

  name   = var.name
  suffix = "-${var.name}"
}

resource "storage_infinibox_snapshot_policy_schedule" "this" {
  count = var.snapshots == null ? 0 : 1

  snapshot_policy_id = storage_infinibox_snapshot_policy.this[0].id
  name               = "periodic"
  type               = "PERIODIC"
  interval           = var.snapshots.every_hours * 3600
  retention          = var.snapshots.keep_days * 24 * 3600
}

resource "storage_infinibox_host" "this" {
  for_each = var.hosts

  name        = each.key
  fc_ports    = each.value.fc_ports
  iscsi_ports = each.value.iscsi_ports
}

resource "storage_infinibox_host_cluster" "this" {
  name     = var.name
  host_ids = [for host in storage_infinibox_host.this : host.id]
}

# Every host sees a volume under the same number, which the array chooses.
resource "storage_infinibox_lun" "this" {
  for_each = var.volumes

  volume_id  = storage_infinibox_volume.this[each.key].id
  cluster_id = storage_infinibox_host_cluster.this.id
}
