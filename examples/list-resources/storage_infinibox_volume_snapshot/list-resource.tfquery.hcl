list "storage_infinibox_volume_snapshot" "all" {
  provider = storage
}
