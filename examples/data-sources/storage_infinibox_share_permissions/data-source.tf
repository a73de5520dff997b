# Who may do everything through the share.
data "storage_infinibox_share_permissions" "full" {
  share_id = 1005
  filters  = [{ field = "access", values = ["FULLCONTROL"] }]
}
