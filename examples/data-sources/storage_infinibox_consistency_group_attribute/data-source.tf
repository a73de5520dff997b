data "storage_infinibox_consistency_group_attribute" "replicated" {
  consistency_group_id = 1010
  attribute            = "is_replicated"
}

output "replicated" {
  value = jsondecode(data.storage_infinibox_consistency_group_attribute.replicated.json)
}
