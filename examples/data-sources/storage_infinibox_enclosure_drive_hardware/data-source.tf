data "storage_infinibox_enclosure_drive_hardware" "suspect" {
  enclosure_id = 1
  drive_id     = 7
}
