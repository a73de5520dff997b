resource "storage_infinibox_ssl_certificate_request" "ibox1" {
  country      = "IL"
  province     = "Tel Aviv"
  locality     = "Herzliya"
  dns_names    = ["ibox1.example.com", "*.ibox1.example.com"]
  ip_addresses = ["192.0.2.10"]
}

# For an authority that people ask.
output "certificate_request" {
  value = storage_infinibox_ssl_certificate_request.ibox1.certificate_request
}
