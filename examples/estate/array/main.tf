# What every array of the estate has.

data "storage_infinibox_system" "this" {}

resource "storage_infinibox_pool" "this" {
  for_each = var.pools

  name              = each.key
  physical_capacity = each.value
}

resource "storage_infinibox_snapshot_policy" "nightly" {
  name   = "nightly"
  suffix = "-nightly"
}

resource "storage_infinibox_snapshot_policy_schedule" "nightly" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.nightly.id
  name               = "nightly"
  type               = "CLOCK"
  day_of_week        = "ALL"
  time_of_day        = 2 * 3600
  retention          = var.keep_days * 24 * 3600
}
