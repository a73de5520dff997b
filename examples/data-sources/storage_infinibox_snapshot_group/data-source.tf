data "storage_infinibox_snapshot_group" "before_upgrade" {
  name = "db-before-upgrade"
}
