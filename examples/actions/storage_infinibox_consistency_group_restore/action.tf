data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

data "storage_infinibox_snapshot_group" "before_upgrade" {
  name = "db-before-upgrade"
}

# Invoked by hand: terraform apply -invoke=action.storage_infinibox_consistency_group_restore.db
action "storage_infinibox_consistency_group_restore" "db" {
  config {
    consistency_group_id = data.storage_infinibox_consistency_group.db.id
    snapshot_group_id    = data.storage_infinibox_snapshot_group.before_upgrade.id
    approved             = true
  }
}
