# The groups of all directories and SSO identity providers.
data "storage_infinibox_user_groups" "all" {}

output "administrators" {
  value = [for g in data.storage_infinibox_user_groups.all.user_groups : g.name if g.role == "ADMIN"]
}
