data "storage_infinibox_host_cluster_hosts" "db" {
  cluster_id = 1003
}

output "host_names" {
  value = data.storage_infinibox_host_cluster_hosts.db.hosts[*].name
}
