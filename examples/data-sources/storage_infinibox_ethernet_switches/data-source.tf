data "storage_infinibox_ethernet_switches" "all" {
}
