# There is one on an array.
terraform import storage_infinibox_s3_certificate.ibox1 s3_service
