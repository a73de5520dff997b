# By the access key, or by id. The secret key is not imported: the array tells it once.
terraform import storage_infinibox_s3_credential.web access_key=shop-web-2026
terraform import storage_infinibox_s3_credential.web 1004
