list "storage_infinibox_snapshot_group" "recent" {
  provider = storage

  config {
    filters = [{ field = "created_at", operator = "geq", values = ["2026-01-01T00:00:00Z"] }]
  }
}
