data "storage_infinibox_host_cluster" "db" {
  name = "db"
}

# What a cluster sees, and under which numbers.
data "storage_infinibox_luns" "db" {
  cluster_id = data.storage_infinibox_host_cluster.db.id
}
