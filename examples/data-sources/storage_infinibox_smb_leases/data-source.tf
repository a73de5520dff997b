data "storage_infinibox_filesystem" "home" {
  name = "home"
}

data "storage_infinibox_smb_leases" "plan" {
  filesystem_id = data.storage_infinibox_filesystem.home.id
  file_path     = "/finance/plan.xlsx"
}

output "cached_by" {
  value = data.storage_infinibox_smb_leases.plan.leases[*].user_name
}
