# Invoked by hand: terraform apply -invoke=action.storage_infinibox_replication_group_member_remove.disk
action "storage_infinibox_replication_group_member_remove" "disk" {
  config {
    replication_group_id = 1002
    vvol_id              = 1017
    approved             = true
  }
}
