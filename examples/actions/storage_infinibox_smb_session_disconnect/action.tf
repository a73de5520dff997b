# Invoked by hand: terraform apply -invoke=action.storage_infinibox_smb_session_disconnect.jane
action "storage_infinibox_smb_session_disconnect" "jane" {
  config {
    session_id = 10001
    approved   = true
  }
}
