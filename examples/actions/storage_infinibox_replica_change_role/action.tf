# The other site is gone, and this one goes on with what the copy has:
# terraform apply -invoke=action.storage_infinibox_replica_change_role.db
action "storage_infinibox_replica_change_role" "db" {
  config {
    replica_id = 1001
    approved   = true
  }
}
