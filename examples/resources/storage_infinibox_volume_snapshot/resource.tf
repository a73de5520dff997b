data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

resource "storage_infinibox_volume_snapshot" "before_upgrade" {
  name      = "db-data-1-before-upgrade"
  parent_id = data.storage_infinibox_volume.data.id
}
