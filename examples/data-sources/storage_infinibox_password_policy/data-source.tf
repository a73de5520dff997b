data "storage_infinibox_password_policy" "this" {}

output "shortest_password" {
  value = data.storage_infinibox_password_policy.this.min_length
}
