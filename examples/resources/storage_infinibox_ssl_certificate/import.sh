# There is one on an array.
terraform import storage_infinibox_ssl_certificate.ibox1 httpd
