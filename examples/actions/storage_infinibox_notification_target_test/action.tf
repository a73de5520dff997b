variable "mail_password" {
  type      = string
  ephemeral = true
}

# Before the mail server is configured: does a letter arrive?
# terraform apply -invoke=action.storage_infinibox_notification_target_test.before
action "storage_infinibox_notification_target_test" "before" {
  config {
    protocol     = "SMTP"
    host         = "smtp.example.com"
    port         = 587
    tls          = true
    from_address = "ibox1@example.com"
    username     = "ibox1"
    password_wo  = var.mail_password
    recipients   = ["on-duty@example.com"]
  }
}

# A target that is there.
data "storage_infinibox_notification_target" "log" {
  name = "log"
}

action "storage_infinibox_notification_target_test" "log" {
  config {
    notification_target_id = data.storage_infinibox_notification_target.log.id
  }
}
