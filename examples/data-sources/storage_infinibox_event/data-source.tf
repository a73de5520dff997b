data "storage_infinibox_event" "this" {
  id = 1001
}
