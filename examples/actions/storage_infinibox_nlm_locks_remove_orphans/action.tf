# Invoked by hand: terraform apply -invoke=action.storage_infinibox_nlm_locks_remove_orphans.all
action "storage_infinibox_nlm_locks_remove_orphans" "all" {
  config {
    approved = true
  }
}
