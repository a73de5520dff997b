data "storage_infinibox_enclosure_drives" "all" {
  enclosure_id = 1
}
