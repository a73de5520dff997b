list "storage_infinibox_treeq" "home" {
  provider = storage

  config {
    filesystem_id = 1001
  }
}
