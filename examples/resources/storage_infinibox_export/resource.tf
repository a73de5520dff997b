resource "storage_infinibox_filesystem" "home" {
  name    = "home"
  pool_id = 1000
  size    = "2TB"
}

# Mounted by the servers of one network; everybody else can only read.
resource "storage_infinibox_export" "home" {
  filesystem_id = storage_infinibox_filesystem.home.id
  export_path   = "/home"

  permissions = [
    { client = "10.0.0.0/24", access = "RW", no_root_squash = true },
    { client = "*", access = "RO", no_root_squash = false },
  ]
}

# One directory, with limits of its own, for a range of clients.
resource "storage_infinibox_treeq" "projects" {
  filesystem_id = storage_infinibox_filesystem.home.id
  name          = "projects"
  path          = "/projects"
  hard_capacity = "500GB"
}

resource "storage_infinibox_export" "projects" {
  filesystem_id   = storage_infinibox_filesystem.home.id
  export_path     = "/projects"
  inner_path      = storage_infinibox_treeq.projects.path
  snapdir_visible = false

  permissions = [
    { client = "10.0.1.1-10.0.1.9", access = "RW", no_root_squash = false },
  ]
}
