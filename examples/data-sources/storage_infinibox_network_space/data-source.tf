# What iSCSI hosts discover the array by: its portals, and its name.
data "storage_infinibox_network_space" "iscsi" {
  name = "iscsi"
}

output "iqn" {
  value = data.storage_infinibox_network_space.iscsi.iscsi_iqn
}

output "portals" {
  value = [
    for ip in data.storage_infinibox_network_space.iscsi.ips :
    "${ip.ip_address}:${data.storage_infinibox_network_space.iscsi.iscsi_tcp_port},${ip.tpgt}" if ip.enabled
  ]
}
