list "storage_infinibox_share_folder_acl" "projects" {
  provider = storage

  config {
    share_id = 1005
  }
}
