data "storage_infinibox_filesystem" "home" {
  name = "home"
}

# Invoked by hand: terraform apply -invoke=action.storage_infinibox_smb_file_locks_break.home
action "storage_infinibox_smb_file_locks_break" "home" {
  config {
    filesystem_id = data.storage_infinibox_filesystem.home.id
    file_path     = "/finance"
    approved      = true
  }
}
