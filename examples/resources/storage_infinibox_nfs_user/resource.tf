resource "storage_infinibox_nfs_user" "jane" {
  uid                = 5012
  primary_gid        = 100
  supplementary_gids = [2001, 2002]

  # The same person on Windows.
  sid          = "S-1-5-21-1004336348-1177238915-682003330-1105"
  primary_gsid = "S-1-5-21-1004336348-1177238915-682003330-513"
}
