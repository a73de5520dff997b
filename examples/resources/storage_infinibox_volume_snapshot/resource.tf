data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

resource "storage_infinibox_volume_snapshot" "before_upgrade" {
  name      = "db-data-1-before-upgrade"
  parent_id = data.storage_infinibox_volume.data.id
}

# A copy to work on: it can be written to, and be larger than what it was taken of.
resource "storage_infinibox_volume_snapshot" "test" {
  name            = "db-data-1-test"
  parent_id       = data.storage_infinibox_volume.data.id
  write_protected = false
  size            = "2TB"
}
