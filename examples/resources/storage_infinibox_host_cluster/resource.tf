resource "storage_infinibox_host" "db" {
  for_each = {
    db1 = ["21:00:00:24:ff:4a:10:01", "21:00:00:24:ff:4a:10:02"]
    db2 = ["21:00:00:24:ff:4a:20:01", "21:00:00:24:ff:4a:20:02"]
  }

  name     = each.key
  fc_ports = each.value
}

resource "storage_infinibox_host_cluster" "db" {
  name     = "db"
  host_ids = [for host in storage_infinibox_host.db : host.id]
}
