data "storage_infinibox_ethernet_switch" "first" {
  id = 1
}
