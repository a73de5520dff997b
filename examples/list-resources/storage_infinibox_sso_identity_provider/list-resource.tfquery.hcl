list "storage_infinibox_sso_identity_provider" "all" {
  provider = storage
}
