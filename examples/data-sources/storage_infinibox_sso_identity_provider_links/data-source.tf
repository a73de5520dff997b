data "storage_infinibox_sso_identity_provider_links" "all" {}
