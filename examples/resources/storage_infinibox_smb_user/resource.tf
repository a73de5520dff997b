variable "scanner_password" {
  type      = string
  ephemeral = true
}

resource "storage_infinibox_smb_group" "scanners" {
  name = "scanners"
}

resource "storage_infinibox_smb_user" "scanner" {
  name                = "scanner"
  password_wo         = var.scanner_password
  password_wo_version = 1 # another one sends the password again
  group_ids           = [storage_infinibox_smb_group.scanners.id]
}
