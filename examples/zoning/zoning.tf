# What the switches and the hosts need to know of the array, from data sources alone.

data "storage_infinibox_fc_switches" "all" {}

data "storage_infinibox_fc_soft_targets" "all" {}

data "storage_infinibox_network_space" "iscsi" {
  name = "iscsi"
}

locals {
  # The WWPNs of the array by the switch that they are reached over: one zone a host and
  # fabric has these, and the host's own port.
  targets = {
    for s in data.storage_infinibox_fc_switches.all.fc_switches : s.name => [
      for t in data.storage_infinibox_fc_soft_targets.all.fc_soft_targets : t.wwpn if t.switch_id == s.id
    ]
  }

  iscsi = data.storage_infinibox_network_space.iscsi
}

# This stands for the resource of a switch's provider.
resource "terraform_data" "zone" {
  for_each = local.targets

  input = {
    fabric  = each.key
    members = concat(["10:00:00:00:c9:12:34:56"], each.value)
  }
}

# This stands for the resource that sets a host up.
resource "terraform_data" "discovery" {
  input = {
    iqn     = local.iscsi.iscsi_iqn
    portals = [for ip in local.iscsi.ips : "${ip.ip_address}:${local.iscsi.iscsi_tcp_port}" if ip.enabled]
  }
}
