data "storage_infinibox_replication_groups" "all" {
  sort = ["name"]
}

output "unprotected" {
  value = [
    for group in data.storage_infinibox_replication_groups.all.replication_groups : group.name
    if !group.is_replicated
  ]
}
