data "storage_infinibox_system_health_state" "this" {}

check "batteries" {
  assert {
    condition     = alltrue([for state in values(data.storage_infinibox_system_health_state.this.node_bbu_protection) : state == "PROTECTED"])
    error_message = "Batteries do not protect all nodes: ${jsonencode(data.storage_infinibox_system_health_state.this.node_bbu_protection)}."
  }
}
