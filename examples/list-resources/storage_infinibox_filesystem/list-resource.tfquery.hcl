list "storage_infinibox_filesystem" "of_pool" {
  provider = storage

  config {
    filters = [{ field = "pool_id", values = ["1001"] }]
  }
}
