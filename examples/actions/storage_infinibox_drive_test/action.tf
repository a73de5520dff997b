# Invoked by hand, by a technician: terraform apply -invoke=action.storage_infinibox_drive_test.suspect
action "storage_infinibox_drive_test" "suspect" {
  config {
    enclosure_id = 1
    drive_id     = 7
  }
}
