# The array makes a key and a request, an authority signs it, and the array gets what was
# signed. The key never leaves the array.
resource "storage_infinibox_ssl_certificate_request" "ibox1" {
  country      = "IL"
  dns_names    = ["ibox1.example.com"]
  ip_addresses = ["192.0.2.10"]
}

# Any authority will do. With the tls provider, early_renewal_hours signs the same request
# again before the certificate ends:
#
#   resource "tls_locally_signed_cert" "ibox1" {
#     cert_request_pem      = storage_infinibox_ssl_certificate_request.ibox1.certificate_request
#     ca_private_key_pem    = var.ca_private_key
#     ca_cert_pem           = var.ca_certificate
#     validity_period_hours = 8760
#     early_renewal_hours   = 720
#     allowed_uses          = ["server_auth"]
#   }
variable "signed_certificate" {
  type = string
}

resource "storage_infinibox_ssl_certificate" "ibox1" {
  certificate = var.signed_certificate # tls_locally_signed_cert.ibox1.cert_pem
}

check "certificate_of_ibox1" {
  assert {
    condition     = timecmp(plantimestamp(), timeadd(storage_infinibox_ssl_certificate.ibox1.expires_on, "-720h")) < 0
    error_message = "The certificate of ibox1 ends within 30 days."
  }
}
