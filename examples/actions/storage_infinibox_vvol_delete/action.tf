action "storage_infinibox_vvol_delete" "left_behind" {
  config {
    vvol_id  = 1002
    approved = true
  }
}
