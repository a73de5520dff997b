# A database whose volumes are in a group, snapshotted hourly and daily by a
# policy, capped by QoS, and restored by one action (Terraform 1.14 and later).
terraform {
  required_version = ">= 1.14"

  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}

provider "storage" {
  infinibox = {
    endpoint = "https://ibox1.example.com" # the credentials: INFINIBOX_USERNAME, INFINIBOX_PASSWORD
  }
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
}

resource "storage_infinibox_volume" "data" {
  count = 4

  name    = "db-data-${count.index + 1}"
  pool_id = storage_infinibox_pool.db.id
  size    = "500GB"
}

resource "storage_infinibox_consistency_group" "db" {
  name       = "db"
  pool_id    = storage_infinibox_pool.db.id
  member_ids = storage_infinibox_volume.data[*].id

  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
}

resource "storage_infinibox_snapshot_policy" "gold" {
  name   = "gold"
  suffix = "-gold"
}

resource "storage_infinibox_snapshot_policy_schedule" "hourly" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
  name               = "hourly"
  type               = "PERIODIC"
  interval           = 3600
  retention          = 24 * 3600
}

resource "storage_infinibox_snapshot_policy_schedule" "daily" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
  name               = "daily"
  type               = "CLOCK"
  day_of_week        = "ALL"
  time_of_day        = 2 * 3600
  retention          = 30 * 24 * 3600
}

resource "storage_infinibox_qos" "this" {
  enabled = true
}

resource "storage_infinibox_qos_policy" "db" {
  name    = "db"
  type    = "VOLUME"
  max_ops = 20000
  max_bps = provider::storage::bytes("500MiB")
}

resource "storage_infinibox_qos_policy_assignment" "data" {
  count = 4

  qos_policy_id = storage_infinibox_qos_policy.db.id
  entity_id     = storage_infinibox_volume.data[count.index].id
}

resource "storage_infinibox_snapshot_group" "before_upgrade" {
  name           = "db-before-upgrade"
  parent_id      = storage_infinibox_consistency_group.db.id
  snap_suffix    = "-before-upgrade"
  delete_members = true
}

# terraform apply -invoke=action.storage_infinibox_consistency_group_restore.db
action "storage_infinibox_consistency_group_restore" "db" {
  config {
    consistency_group_id = storage_infinibox_consistency_group.db.id
    snapshot_group_id    = storage_infinibox_snapshot_group.before_upgrade.id
    approved             = true
  }
}
