data "storage_infinibox_system_ntp_status" "all" {}

check "time" {
  assert {
    condition = alltrue([
      for node in data.storage_infinibox_system_ntp_status.all.nodes : anytrue([for peer in node.ntp_peers : peer.tally_code == "sys.peer"])
    ])
    error_message = "A node follows no time server."
  }
}
