list "storage_infinibox_external_service" "all" {
  provider = storage
}
