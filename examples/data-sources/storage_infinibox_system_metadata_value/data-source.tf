data "storage_infinibox_system_metadata_value" "site" {
  key = "site"
}
