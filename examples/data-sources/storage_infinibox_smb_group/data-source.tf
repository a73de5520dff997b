data "storage_infinibox_smb_group" "administrators" {
  name = "Administrators"
}
