# Invoked by hand: terraform apply -invoke=action.storage_infinibox_rg_replica_sync.now
action "storage_infinibox_rg_replica_sync" "now" {
  config {
    rg_replica_id = 2
    timeout       = "30m"
  }
}
