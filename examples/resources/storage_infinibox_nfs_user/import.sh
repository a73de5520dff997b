# By uid. Every array has root, with the uid 0.
terraform import storage_infinibox_nfs_user.jane uid=5012
