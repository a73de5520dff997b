data "storage_infinibox_fc_switch" "left" {
  name = "fabric-left"
}
