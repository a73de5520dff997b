# The cluster is another team's, which leaves its host_ids out.
data "storage_infinibox_host_cluster" "db" {
  name = "db"
}

resource "storage_infinibox_host" "db" {
  for_each = {
    db1 = ["21:00:00:24:ff:4a:10:01", "21:00:00:24:ff:4a:10:02"]
    db2 = ["21:00:00:24:ff:4a:20:01", "21:00:00:24:ff:4a:20:02"]
  }

  name     = each.key
  fc_ports = each.value
}

resource "storage_infinibox_host_cluster_member" "db" {
  for_each = storage_infinibox_host.db

  cluster_id = data.storage_infinibox_host_cluster.db.id
  host_id    = each.value.id
}
