# Invoked by hand, by a technician: terraform apply -invoke=action.storage_infinibox_node_phase_out.second
action "storage_infinibox_node_phase_out" "second" {
  config {
    node_id  = 2
    approved = true
  }
}
