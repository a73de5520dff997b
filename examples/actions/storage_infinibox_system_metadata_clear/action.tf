action "storage_infinibox_system_metadata_clear" "all" {
  config {
    approved = true
  }
}
