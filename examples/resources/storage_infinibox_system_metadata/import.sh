# There is one on an array.
terraform import storage_infinibox_system_metadata.this system
