resource "storage_infinibox_host" "db1" {
  name        = "db1"
  fc_ports    = ["21:00:00:24:ff:4a:10:01", "21:00:00:24:ff:4a:10:02"]
  iscsi_ports = ["iqn.2026-01.com.example:db1"]
}
