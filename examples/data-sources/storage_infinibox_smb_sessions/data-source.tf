data "storage_infinibox_smb_sessions" "all" {}

output "unencrypted" {
  value = [for session in data.storage_infinibox_smb_sessions.all.sessions : session.user_name if !session.encryption]
}
