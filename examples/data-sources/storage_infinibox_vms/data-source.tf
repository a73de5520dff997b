data "storage_infinibox_vms" "all" {
  sort = ["name"]
}
