data "storage_infinibox_host" "db1" {
  name = "db1"
}

# In which cluster a host is: one element, or none.
data "storage_infinibox_host_cluster_members" "db1" {
  host_id = data.storage_infinibox_host.db1.id
}

output "cluster_id" {
  value = one(data.storage_infinibox_host_cluster_members.db1.host_cluster_members[*].cluster_id)
}
