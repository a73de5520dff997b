resource "storage_infinibox_s3_certificate_request" "ibox1" {
  country     = "IL"
  common_name = "s3.ibox1.example.com"
  dns_names   = ["s3.ibox1.example.com", "*.s3.ibox1.example.com"]
}

# For an authority that people ask.
output "certificate_request" {
  value = storage_infinibox_s3_certificate_request.ibox1.certificate_request
}
