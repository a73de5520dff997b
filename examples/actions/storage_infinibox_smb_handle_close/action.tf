# Invoked by hand: terraform apply -invoke=action.storage_infinibox_smb_handle_close.plan
action "storage_infinibox_smb_handle_close" "plan" {
  config {
    session_id = 10001
    handle_id  = 200001
    approved   = true
  }
}
