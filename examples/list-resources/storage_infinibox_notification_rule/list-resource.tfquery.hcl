list "storage_infinibox_notification_rule" "all" {
  provider = storage
}
