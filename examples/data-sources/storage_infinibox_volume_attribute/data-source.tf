data "storage_infinibox_volume_attribute" "paths" {
  volume_id = 1001
  attribute = "paths_available"
}

check "paths" {
  assert {
    condition     = data.storage_infinibox_volume_attribute.paths.value == "true"
    error_message = "No host has a path to the volume."
  }
}
