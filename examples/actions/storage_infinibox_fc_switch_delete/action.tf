# Invoked by hand: terraform apply -invoke=action.storage_infinibox_fc_switch_delete.old
action "storage_infinibox_fc_switch_delete" "old" {
  config {
    fc_switch_id = 2
  }
}
