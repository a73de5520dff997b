data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

output "members" {
  value = data.storage_infinibox_consistency_group.db.member_ids
}
