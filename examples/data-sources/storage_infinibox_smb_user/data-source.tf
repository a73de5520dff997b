data "storage_infinibox_smb_user" "administrator" {
  name = "Administrator"
}
