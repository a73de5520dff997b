resource "storage_infinibox_pool" "home" {
  name              = "home"
  physical_capacity = "10TB"
}

resource "storage_infinibox_filesystem" "home" {
  name    = "home"
  pool_id = storage_infinibox_pool.home.id # a change moves the filesystem
  size    = "2TB"                          # grows in place, never shrinks

  used_capacity_warning  = 80
  used_capacity_critical = 95

  metadata = { department = "engineering" }
}

# Files that nobody can change or delete for seven days.
resource "storage_infinibox_filesystem" "archive" {
  name                   = "archive"
  pool_id                = storage_infinibox_pool.home.id
  size                   = "1TB"
  worm_level             = "ENTERPRISE"
  worm_default_retention = 7 * 24 * 60 * 60
}
