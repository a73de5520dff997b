variable "okta_certificate" {
  type        = string
  description = "The certificate of the identity provider's metadata, PEM or Base64."
}

resource "storage_infinibox_sso_identity_provider" "okta" {
  name                = "okta"
  issuer              = "http://www.okta.com/exkeemapg7T769PU32p7"
  sign_on_url         = "https://example.okta.com/app/infinibox/exkeemapg7T769PU32p7/sso/saml"
  signing_certificate = var.okta_certificate
  signed_response     = true
  signed_assertion    = true
}

# Nobody logs in once the certificate has expired: plans and applies warn a month ahead.
check "okta_certificate" {
  assert {
    condition     = timecmp(storage_infinibox_sso_identity_provider.okta.signing_certificate_expiry, timeadd(plantimestamp(), "720h")) > 0
    error_message = "The signing certificate of okta expires within 30 days."
  }
}
