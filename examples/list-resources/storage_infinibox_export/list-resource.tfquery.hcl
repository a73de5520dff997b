list "storage_infinibox_export" "of_filesystem" {
  provider = storage

  config {
    filters = [{ field = "filesystem_id", values = ["1001"] }]
  }
}
