data "storage_infinibox_support_appliances" "all" {
}
