action "storage_infinibox_volume_own_snapshot" "data" {
  config {
    volume_id = 1001
    name      = "db-data-1-replicated"
  }
}
