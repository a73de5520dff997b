data "storage_infinibox_qos_policy" "silver" {
  name = "silver"
}
