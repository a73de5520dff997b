data "storage_infinibox_metadata" "legacy" {
  object_id = 1001
}
