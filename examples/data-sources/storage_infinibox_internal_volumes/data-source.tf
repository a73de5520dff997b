data "storage_infinibox_internal_volumes" "masters" {
  type = "MASTER"
}
