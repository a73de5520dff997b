# Invoked by hand: terraform apply -invoke=action.storage_infinibox_eula_accept.this
action "storage_infinibox_eula_accept" "this" {}
