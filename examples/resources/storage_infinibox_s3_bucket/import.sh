# By name, or by id.
terraform import storage_infinibox_s3_bucket.pictures name=shop-pictures
terraform import storage_infinibox_s3_bucket.pictures 1005
