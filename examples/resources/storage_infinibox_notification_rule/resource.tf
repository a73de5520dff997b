data "storage_infinibox_notification_targets" "mail" {
  filters = [{ field = "protocol", values = ["SMTP"] }]
}

data "storage_infinibox_notification_target" "log" {
  name = "log"
}

# What is critical, to whoever is on duty.
resource "storage_infinibox_notification_rule" "critical" {
  name        = "critical"
  target_id   = data.storage_infinibox_notification_targets.mail.notification_targets[0].id
  event_level = ["CRITICAL"]
  recipients  = ["on-duty@example.com"]
}

# What a team wants to know of, and nothing of what it hears too often.
resource "storage_infinibox_notification_rule" "database" {
  name           = "database"
  target_id      = data.storage_infinibox_notification_target.log.id
  event_level    = ["ERROR"]
  include_events = ["VOLUME_CREATED", "VOLUME_DELETED"]
  exclude_events = ["USER_LOGIN_FAILURE"]
}
