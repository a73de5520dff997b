data "storage_infinibox_internal_datasets" "of_volume" {
  parent_id = 1001
}
