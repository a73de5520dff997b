data "storage_infinibox_s3_certificate" "current" {}

check "s3_certificate" {
  assert {
    condition     = timecmp(plantimestamp(), timeadd(data.storage_infinibox_s3_certificate.current.expires_on, "-720h")) < 0
    error_message = "The certificate of the S3 service ends within 30 days."
  }
}
