variable "domain_password" {
  type      = string
  ephemeral = true
}

# Destroying it leaves the domain, as the user of the provider's active_directory_username
# and active_directory_password.
resource "storage_infinibox_active_directory_domain" "this" {
  domain              = "ad.example.com"
  org_unit            = "OU=Storage,DC=ad,DC=example,DC=com"
  username            = "join-storage"
  password_wo         = var.domain_password
  password_wo_version = 1

  # The first is asked first.
  preferred_ips = ["192.0.2.10", "dc2.ad.example.com"]

  unix_services_enabled = true
  max_translated_groups = 32
}
