list "storage_infinibox_share_permission" "projects" {
  provider = storage

  config {
    share_id = 1005
  }
}
