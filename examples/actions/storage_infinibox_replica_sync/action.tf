# Before a planned failover, once nobody writes any more:
# terraform apply -invoke=action.storage_infinibox_replica_sync.db
action "storage_infinibox_replica_sync" "db" {
  config {
    replica_id = 1001
  }
}
