# Invoked by hand: terraform apply -invoke=action.storage_infinibox_remote_call.host
action "storage_infinibox_remote_call" "host" {
  config {
    link_id = 1015
    method  = "POST"
    path    = "hosts"
    body    = jsonencode({ name = "recovery-1" })
  }
}

# Deletes what the path names on the other array.
action "storage_infinibox_remote_call" "no_host" {
  config {
    link_id  = 1015
    method   = "DELETE"
    path     = "hosts/1040"
    approved = true
  }
}
