data "storage_infinibox_rg_replicas" "sources" {
  filters = [{ field = "role", values = ["SOURCE"] }]
}

# Groups whose vVols are not being copied.
output "standing_still" {
  value = {
    for replica in data.storage_infinibox_rg_replicas.sources.rg_replicas :
    replica.replication_group_name => replica.state_description if replica.state != "ACTIVE"
  }
}
