# The array sends the user a link. Invoked by hand:
# terraform apply -invoke=action.storage_infinibox_user_reset_password.dba
action "storage_infinibox_user_reset_password" "dba" {
  config {
    user_name = "dba"
  }
}
