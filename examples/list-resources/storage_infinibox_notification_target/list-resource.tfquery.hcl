list "storage_infinibox_notification_target" "all" {
  provider = storage
}
