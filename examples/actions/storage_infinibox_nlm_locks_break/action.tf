# Invoked by hand: terraform apply -invoke=action.storage_infinibox_nlm_locks_break.of_lost_client
action "storage_infinibox_nlm_locks_break" "of_lost_client" {
  config {
    client   = "app7.example.com"
    approved = true
  }
}
