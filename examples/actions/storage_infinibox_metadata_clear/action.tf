action "storage_infinibox_metadata_clear" "legacy" {
  config {
    object_id = 1001
    approved  = true
  }
}
