list "storage_infinibox_qos_policy" "of_volumes" {
  provider = storage

  config {
    filters = [{ field = "type", values = ["VOLUME"] }]
  }
}
