data "storage_infinibox_vvols" "of_vm" {
  filters = [{ field = "vm_uuid", values = ["naa.6742b0f0000000130000000000000001"] }]
}
