data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

# The volumes of a group, by their names.
data "storage_infinibox_consistency_group_members" "db" {
  consistency_group_id = data.storage_infinibox_consistency_group.db.id
}

output "volumes" {
  value = data.storage_infinibox_consistency_group_members.db.consistency_group_members[*].member_name
}
