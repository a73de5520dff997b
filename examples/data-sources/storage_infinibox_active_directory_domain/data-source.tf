data "storage_infinibox_active_directory_domain" "this" {}

output "domain_controllers" {
  value = data.storage_infinibox_active_directory_domain.this.preferred_ips
}
