# The password is set from the outside and is in no state and no plan. To rotate it,
# change both the variable and the version.
variable "break_glass_password" {
  type      = string
  ephemeral = true
}

resource "storage_infinibox_user" "break_glass" {
  name                = "break-glass"
  email               = "storage-oncall@example.com"
  role                = "ADMIN"
  password_wo         = var.break_glass_password
  password_wo_version = 1
}

# A user who administers the pools that name the user among their owners.
variable "dba_password" {
  type      = string
  ephemeral = true
}

resource "storage_infinibox_user" "dba" {
  name                = "dba"
  email               = "dba@example.com"
  role                = "POOL_ADMIN"
  enabled             = true
  password_wo         = var.dba_password
  password_wo_version = 1
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
  owners            = [storage_infinibox_user.dba.id]
}
