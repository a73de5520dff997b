# The mail server, by whatever name it has.
data "storage_infinibox_notification_targets" "mail" {
  filters = [{ field = "protocol", values = ["SMTP"] }]
}
