data "storage_infinibox_fc_switches" "all" {}

check "fabrics" {
  assert {
    condition     = alltrue([for s in data.storage_infinibox_fc_switches.all.fc_switches : s.resiliency_state == "OK"])
    error_message = "Not every node is connected to every switch."
  }
}
