data "storage_infinibox_vm" "erp" {
  name = "erp"
}
