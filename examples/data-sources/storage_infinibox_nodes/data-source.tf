data "storage_infinibox_nodes" "all" {}

check "nodes" {
  assert {
    condition     = alltrue([for n in data.storage_infinibox_nodes.all.nodes : n.state == "ACTIVE"])
    error_message = join(", ", [for n in data.storage_infinibox_nodes.all.nodes : "${n.name} is ${n.state}" if n.state != "ACTIVE"])
  }
}
