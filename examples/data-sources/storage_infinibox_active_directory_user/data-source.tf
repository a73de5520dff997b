data "storage_infinibox_active_directory_user" "jane" {
  username = "jane"
}

output "jane" {
  value = {
    sid = data.storage_infinibox_active_directory_user.jane.sid
    uid = data.storage_infinibox_active_directory_user.jane.uid
  }
}
