data "storage_infinibox_filesystem_snapshot" "before_migration" {
  name = "home-before-migration"
}
