data "storage_infinibox_kms" "this" {}

check "key_server" {
  assert {
    condition     = !data.storage_infinibox_kms.this.enabled || data.storage_infinibox_kms.this.kmip_connectivity_state == "CONNECTED"
    error_message = "The array does not reach its key server: it would not power up."
  }
}
