data "storage_infinibox_smb_server" "this" {}

check "signed" {
  assert {
    condition     = data.storage_infinibox_smb_server.this.smb_signing == "REQUIRED"
    error_message = "Clients may leave SMB messages unsigned."
  }
}
