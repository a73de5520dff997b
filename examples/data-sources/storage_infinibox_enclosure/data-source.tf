data "storage_infinibox_enclosure" "first" {
  id = 1
}
