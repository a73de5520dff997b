data "storage_infinibox_share_permission" "everyone" {
  share_id = 1005
  sid      = "S-1-1-0"
}
