# By its text: the array does not tell a request again.
terraform import storage_infinibox_s3_certificate_request.ibox1 "$(cat s3.csr)"
