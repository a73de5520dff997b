resource "storage_infinibox_filesystem" "projects" {
  name           = "projects"
  pool_id        = 1000
  size           = "5TB"
  security_style = "WINDOWS"
}

resource "storage_infinibox_share" "projects" {
  name          = "projects"
  filesystem_id = storage_infinibox_filesystem.projects.id
  description   = "Plans and drawings"

  # These and no others: without them, everyone may do everything.
  permissions = [
    { sid = "S-1-5-21-1004336348-1177238915-682003330-512", access = "FULLCONTROL" }, # Domain Admins
    { sid = "S-1-5-21-1004336348-1177238915-682003330-1134", access = "READWRITE" },
  ]

  encryption               = true
  access_based_enumeration = true # users see what they may read
}

# A directory for each user, made when the user first comes.
resource "storage_infinibox_treeq" "home" {
  filesystem_id = storage_infinibox_filesystem.projects.id
  name          = "home"
  path          = "/home"
}

resource "storage_infinibox_share" "home" {
  name                 = "%u"
  filesystem_id        = storage_infinibox_filesystem.projects.id
  is_home_share        = true
  internal_base_path   = storage_infinibox_treeq.home.path
  user_directory       = "%d/%u"
  user_dir_auto_create = true
}
