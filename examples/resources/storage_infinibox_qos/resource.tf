resource "storage_infinibox_qos" "this" {
  enabled = true
}
