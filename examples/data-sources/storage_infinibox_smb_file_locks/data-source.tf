data "storage_infinibox_filesystem" "home" {
  name = "home"
}

data "storage_infinibox_smb_file_locks" "home" {
  filesystem_id = data.storage_infinibox_filesystem.home.id
}

output "orphans" {
  value = [for lock in data.storage_infinibox_smb_file_locks.home.locks : lock.file_path if lock.session_id == -1]
}
