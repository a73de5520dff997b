data "storage_infinibox_notification_protocols" "this" {}
