# The WWPNs that hosts are zoned with, by the switch that they are reached over.
data "storage_infinibox_fc_soft_targets" "all" {}

output "zone_members" {
  value = { for t in data.storage_infinibox_fc_soft_targets.all.fc_soft_targets : tostring(t.switch_id) => t.wwpn... }
}
