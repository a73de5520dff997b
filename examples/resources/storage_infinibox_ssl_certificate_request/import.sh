# By its text: the array does not tell a request again.
terraform import storage_infinibox_ssl_certificate_request.ibox1 "$(cat ibox1.csr)"
