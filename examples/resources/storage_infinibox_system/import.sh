# There is one array.
terraform import storage_infinibox_system.this system
