data "storage_infinibox_sso_identity_provider" "okta" {
  name = "okta"
}
