data "storage_infinibox_volumes" "db" {
  filters = [{ field = "name", operator = "like", values = ["db-data-"] }]
}

data "storage_infinibox_volume" "log" {
  name = "db-log"
}

resource "storage_infinibox_volume_group_snapshot" "before_upgrade" {
  volume_ids  = concat(data.storage_infinibox_volumes.db.volumes[*].id, [data.storage_infinibox_volume.log.id])
  snap_suffix = "-before-upgrade"

  # All others are called what their volumes are called, and the suffix.
  snap_names = [{ volume_id = data.storage_infinibox_volume.log.id, snap_name = "log-of-the-upgrade" }]
}
