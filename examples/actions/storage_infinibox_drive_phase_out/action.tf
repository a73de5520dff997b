# Invoked by hand, by a technician: terraform apply -invoke=action.storage_infinibox_drive_phase_out.suspect
action "storage_infinibox_drive_phase_out" "suspect" {
  config {
    enclosure_id = 1
    drive_id     = 7
    timeout      = "12h"
  }
}
