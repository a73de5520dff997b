list "storage_infinibox_consistency_group" "of_databases" {
  provider = storage

  config {
    filters = [{ field = "name", operator = "like", values = ["db"] }]
  }
}
