data "storage_infinibox_share_folder_acl" "everyone" {
  share_id  = 1005
  principal = "S-1-1-0"
}
