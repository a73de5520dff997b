resource "storage_infinibox_system_metadata" "this" {
  metadata = { site = "frankfurt" }
}
