data "storage_infinibox_smb_users" "all" {}

output "can_log_in" {
  value = [for u in data.storage_infinibox_smb_users.all.smb_users : u.name if u.enabled]
}
