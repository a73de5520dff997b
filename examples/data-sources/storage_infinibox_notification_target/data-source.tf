data "storage_infinibox_notification_target" "log" {
  name = "log"
}
