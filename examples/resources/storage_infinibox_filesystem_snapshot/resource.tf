data "storage_infinibox_filesystem" "home" {
  name = "home"
}

resource "storage_infinibox_filesystem_snapshot" "before_migration" {
  name      = "home-before-migration"
  parent_id = data.storage_infinibox_filesystem.home.id
}
