action "storage_infinibox_host_lun_unmap" "scratch" {
  config {
    host_id  = 1002
    lun      = 7
    approved = true
  }
}
