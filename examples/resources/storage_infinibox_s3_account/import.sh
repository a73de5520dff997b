# By name, or by id.
terraform import storage_infinibox_s3_account.shop name=shop
terraform import storage_infinibox_s3_account.shop 1001
