data "storage_infinibox_filesystem_attribute" "consistent" {
  filesystem_id = 1001
  attribute     = "is_consistent"
}

check "consistent" {
  assert {
    condition     = data.storage_infinibox_filesystem_attribute.consistent.value == "true"
    error_message = "The filesystem is not consistent: its replication is still on its way."
  }
}
