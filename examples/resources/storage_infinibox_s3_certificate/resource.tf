# The array makes a key and a request, an authority signs it, and the array gets what was
# signed. The key never leaves the array.
resource "storage_infinibox_s3_certificate_request" "ibox1" {
  common_name = "s3.ibox1.example.com"
  dns_names   = ["s3.ibox1.example.com", "*.s3.ibox1.example.com"]
}

# Any authority will do, such as tls_locally_signed_cert of the tls provider.
variable "signed_certificate" {
  type = string
}

# The S3 service starts anew with it, which is approved once.
resource "storage_infinibox_s3_certificate" "ibox1" {
  certificate = var.signed_certificate
  approved    = true
}
