# Before the power of the room is switched off. Invoked by hand:
# terraform apply -invoke=action.storage_infinibox_system_shutdown.this
action "storage_infinibox_system_shutdown" "this" {
  config {
    power_off = true
    approved  = true
  }
}
