data "storage_infinibox_ssl_certificate" "current" {}

check "certificate" {
  assert {
    condition     = timecmp(plantimestamp(), timeadd(data.storage_infinibox_ssl_certificate.current.expires_on, "-720h")) < 0
    error_message = "The array's certificate ends within 30 days."
  }
}
