data "storage_infinibox_volume_snapshot" "before_upgrade" {
  name = "db-data-1-before-upgrade"
}
