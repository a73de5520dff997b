# There is one on an array.
terraform import storage_infinibox_nfs_server.this nfs_server
