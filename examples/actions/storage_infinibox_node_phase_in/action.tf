# Invoked by hand, by a technician: terraform apply -invoke=action.storage_infinibox_node_phase_in.second
action "storage_infinibox_node_phase_in" "second" {
  config {
    node_id = 2
  }
}
