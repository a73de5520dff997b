# Invoked by hand, by a technician: terraform apply -invoke=action.storage_infinibox_drive_phase_in.suspect
action "storage_infinibox_drive_phase_in" "suspect" {
  config {
    enclosure_id = 1
    drive_id     = 7
  }
}
