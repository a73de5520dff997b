resource "storage_infinibox_smb_group" "backup" {
  name           = "backup"
  privileges     = ["SeBackupPrivilege", "SeRestorePrivilege"]
  domain_members = ["S-1-5-21-1004336348-1177238915-682003330-1150"]
}
