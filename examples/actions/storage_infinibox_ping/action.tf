# Invoked by hand: terraform apply -invoke=action.storage_infinibox_ping.gateway
action "storage_infinibox_ping" "gateway" {
  config {
    hostname = "192.168.11.254"
    service  = "NAS_SERVICE"
    node     = "node-1"
  }
}
