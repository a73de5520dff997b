data "storage_infinibox_volumes" "db" {
  filters = [{ field = "name", operator = "like", values = ["db-data-"] }]
}

resource "storage_infinibox_volume_group_snapshot" "before_upgrade" {
  volume_ids  = data.storage_infinibox_volumes.db.volumes[*].id
  snap_suffix = "-before-upgrade"
}
