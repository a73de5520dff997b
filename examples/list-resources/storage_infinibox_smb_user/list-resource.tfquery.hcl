list "storage_infinibox_smb_user" "all" {
  provider = storage
}
