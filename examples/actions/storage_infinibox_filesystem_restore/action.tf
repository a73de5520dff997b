data "storage_infinibox_filesystem" "home" {
  name = "home"
}

data "storage_infinibox_filesystem_snapshot" "before_migration" {
  name = "home-before-migration"
}

# Invoked by hand: terraform apply -invoke=action.storage_infinibox_filesystem_restore.home
action "storage_infinibox_filesystem_restore" "home" {
  config {
    filesystem_id = data.storage_infinibox_filesystem.home.id
    snapshot_id   = data.storage_infinibox_filesystem_snapshot.before_migration.id
    approved      = true
  }
}
