data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

data "storage_infinibox_volume_snapshot" "before_upgrade" {
  name = "db-data-1-before-upgrade"
}

# Invoked by hand: terraform apply -invoke=action.storage_infinibox_volume_restore.data
action "storage_infinibox_volume_restore" "data" {
  config {
    volume_id   = data.storage_infinibox_volume.data.id
    snapshot_id = data.storage_infinibox_volume_snapshot.before_upgrade.id
    approved    = true
  }
}
