resource "storage_infinibox_filesystem" "home" {
  name    = "home"
  pool_id = 1000
  size    = "2TB"
}

resource "storage_infinibox_treeq" "projects" {
  filesystem_id = storage_infinibox_filesystem.home.id
  name          = "projects"
  path          = "/projects"
  mode          = "0775"

  soft_capacity = "400GB" # the array warns
  hard_capacity = "500GB" # nothing more can be written
  soft_inodes   = 900000
  hard_inodes   = 1000000
}
