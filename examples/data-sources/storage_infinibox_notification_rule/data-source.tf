data "storage_infinibox_notification_rule" "critical" {
  name = "critical"
}
