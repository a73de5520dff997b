data "storage_infinibox_host_attribute" "luns" {
  host_id   = 1002
  attribute = "luns"
}

output "lun_numbers" {
  value = jsondecode(data.storage_infinibox_host_attribute.luns.json)[*].lun
}
