# There is one on an array.
terraform import storage_infinibox_smb_server.this smb_server
