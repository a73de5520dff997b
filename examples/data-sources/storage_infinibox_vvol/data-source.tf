data "storage_infinibox_vvol" "config" {
  id = 1002
}
