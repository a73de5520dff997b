# Invoked by hand: terraform apply -invoke=action.storage_infinibox_eula_snooze.this
action "storage_infinibox_eula_snooze" "this" {}
