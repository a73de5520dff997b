data "storage_infinibox_vms" "all" {}

resource "storage_infinibox_vm" "erp" {
  id   = one([for vm in data.storage_infinibox_vms.all.vms : vm.id if vm.uuid == "naa.6742b0f0000000130000000000000001"])
  name = "erp"
}
