locals {
  needed = sum([for f in values(var.filesystems) : provider::storage::bytes(f.size)])
}

resource "storage_infinibox_pool" "this" {
  name              = "${var.name}-files"
  physical_capacity = provider::storage::capacity_round_up(local.needed * 1.2, "1TB")
}

resource "storage_infinibox_snapshot_policy" "this" {
  name   = "${var.name}-files"
  suffix = "-${var.name}"
}

resource "storage_infinibox_snapshot_policy_schedule" "nightly" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.this.id
  name               = "nightly"
  type               = "CLOCK"
  day_of_week        = "ALL"
  time_of_day        = 2 * 3600
  retention          = var.keep_days * 24 * 3600
}

resource "storage_infinibox_filesystem" "this" {
  for_each = var.filesystems

  name               = "${var.name}-${each.key}"
  pool_id            = storage_infinibox_pool.this.id
  size               = each.value.size
  snapshot_policy_id = storage_infinibox_snapshot_policy.this.id

  used_capacity_warning  = 80
  used_capacity_critical = 95

  metadata = { tenant = var.name }
}

resource "storage_infinibox_export" "this" {
  for_each = var.filesystems

  filesystem_id   = storage_infinibox_filesystem.this[each.key].id
  export_path     = "/${var.name}/${each.key}"
  snapdir_visible = true

  permissions = [
    for client, access in each.value.clients : { client = client, access = access, no_root_squash = false }
  ]
}
