# Invoked by hand: terraform apply -invoke=action.storage_infinibox_events_delete.old
action "storage_infinibox_events_delete" "old" {
  config {
    until    = "365d"
    approved = true
  }
}
