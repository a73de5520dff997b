data "storage_infinibox_smb_groups" "all" {}

output "can_restore_anything" {
  value = [for g in data.storage_infinibox_smb_groups.all.smb_groups : g.name if contains(g.privileges, "SERESTOREPRIVILEGE")]
}
