data "storage_infinibox_system_attribute" "name" {
  attribute = "name"
}

data "storage_infinibox_system_attribute" "cache" {
  attribute = "ssa_express_info"
}

output "cache" {
  value = "${data.storage_infinibox_system_attribute.name.value}: ${jsondecode(data.storage_infinibox_system_attribute.cache.json).ssa_express_status}"
}
