data "storage_infinibox_metadata_value" "owner" {
  object_id = 1001
  key       = "owner"
}

output "owner" {
  value = data.storage_infinibox_metadata_value.owner.value
}
