# Who is told of what, by mail.
data "storage_infinibox_notification_rules" "all" {
  sort = ["name"]
}

output "told" {
  value = { for r in data.storage_infinibox_notification_rules.all.notification_rules : r.name => r.recipients if r.recipients != null }
}
