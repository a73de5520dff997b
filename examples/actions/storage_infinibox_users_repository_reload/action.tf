# The array reads its directories anew. Invoked by hand:
# terraform apply -invoke=action.storage_infinibox_users_repository_reload.now
action "storage_infinibox_users_repository_reload" "now" {}
