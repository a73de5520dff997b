action "storage_infinibox_volume_reset_serial" "data" {
  config {
    volume_id = 1001
  }
}
