data "storage_infinibox_enclosure_drive" "first" {
  enclosure_id = 1
  id           = 1
}
