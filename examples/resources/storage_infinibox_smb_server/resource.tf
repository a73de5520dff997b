resource "storage_infinibox_smb_server" "this" {
  min_smb_protocol = "SMB_3_0" # cuts off what speaks only SMB 2
  smb_encryption   = "NEGOTIATE"
  smb_signing      = "REQUIRED"

  approved = true
}
