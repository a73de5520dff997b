list "storage_infinibox_smb_group" "all" {
  provider = storage
}
