locals {
  svms = toset(["vs1"])
}

data "storage_ontap_vscan_server_status" "primary" {
  for_each = local.svms

  svm_name = each.key
  type     = "primary"
}

# Says so in every plan while files of an SVM cannot be scanned.
check "scanners" {
  assert {
    condition = alltrue([
      for status in data.storage_ontap_vscan_server_status.primary : contains(status.servers[*].state, "connected")
    ])
    error_message = join("\n", [
      for svm, status in data.storage_ontap_vscan_server_status.primary : format(
        "SVM %s has no connected primary scanner (%s).", svm,
        length(status.servers) == 0 ? "none is known" : join(", ", distinct([
          for s in status.servers : "${s.ip} on ${s.node_name}: ${coalesce(s.disconnected_reason, s.state, "unknown")}"
        ]))
      )
      if !contains(status.servers[*].state, "connected")
    ])
  }
}
