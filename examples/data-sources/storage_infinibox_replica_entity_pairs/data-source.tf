data "storage_infinibox_replica_entity_pairs" "db" {
  replica_id = 1001
}
