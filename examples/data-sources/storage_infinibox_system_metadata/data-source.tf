data "storage_infinibox_system_metadata" "this" {}
