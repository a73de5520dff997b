data "storage_infinibox_support_appliance" "first" {
  id = 1
}
