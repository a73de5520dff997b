# Those through which users can log in.
data "storage_infinibox_sso_identity_providers" "enabled" {
  filters = [{ field = "enabled", values = ["true"] }]
}
