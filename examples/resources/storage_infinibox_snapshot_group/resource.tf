data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

resource "storage_infinibox_snapshot_group" "before_upgrade" {
  name        = "db-before-upgrade"
  parent_id   = data.storage_infinibox_consistency_group.db.id
  snap_suffix = "-before-upgrade"

  delete_members = true # the snapshots go with the group
}
