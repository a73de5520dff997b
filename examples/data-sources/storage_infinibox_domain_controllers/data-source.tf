data "storage_infinibox_domain_controllers" "corp" {
  domain_name = "corp.example.com"
}
