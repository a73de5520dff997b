# There is one on an array.
terraform import storage_infinibox_kms.this kms
