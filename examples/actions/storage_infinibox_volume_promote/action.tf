action "storage_infinibox_volume_promote" "clone" {
  config {
    snapshot_id = 1012
    approved    = true
  }
}
