# A planned failover of a synchronous replica:
# terraform apply -invoke=action.storage_infinibox_replica_switch_role.db
action "storage_infinibox_replica_switch_role" "db" {
  config {
    replica_id = 1001
    approved   = true
  }
}
