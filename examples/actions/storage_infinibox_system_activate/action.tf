# Invoked by hand: terraform apply -invoke=action.storage_infinibox_system_activate.this
action "storage_infinibox_system_activate" "this" {}
