data "storage_infinibox_replication_group" "database" {
  name = "database"
}

data "storage_infinibox_vvols" "all" {}

output "members" {
  value = [
    for vvol in data.storage_infinibox_vvols.all.vvols : vvol.name
    if vvol.replication_group_id == data.storage_infinibox_replication_group.database.id
  ]
}
