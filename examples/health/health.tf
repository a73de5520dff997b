# A page of health: each check fails with what is broken, by name. A check never stops a
# plan or an apply; it warns. "terraform plan" by a clock keeps watch.

data "storage_infinibox_components" "rack" {}

data "storage_infinibox_nodes" "all" {}

data "storage_infinibox_events" "critical" {
  since  = "24h"
  levels = ["CRITICAL"]
}

data "storage_infinibox_external_services" "all" {}

data "storage_infinibox_fc_switches" "all" {}

locals {
  rack  = data.storage_infinibox_components.rack
  nodes = data.storage_infinibox_nodes.all.nodes

  broken_nodes = [
    for n in local.nodes : "${n.name} is ${n.state}" if n.state != "ACTIVE"
  ]
  broken_drives = concat(
    flatten([
      for e in local.rack.enclosures : [
        for d in e.drives : "drive ${d.id} of enclosure ${e.id} is ${d.state}" if d.state != "ACTIVE"
      ]
    ]),
    flatten([
      for n in local.nodes : [
        for d in n.drives : "drive ${d.id} of ${n.name} is ${d.state}" if d.state != "OK"
      ]
    ]),
  )
  broken_ports = flatten([
    for n in local.nodes : concat(
      [for p in n.fc_ports : "FC port ${p.id} of ${n.name} is ${p.enabled ? "down" : "disabled"}" if !p.enabled || p.link_state != "UP"],
      [for p in n.eth_ports : "port ${p.name} of ${n.name} is down" if p.role == "DATA" && p.link_state != "UP"],
    )
  ])
  broken_services = concat(
    [for s in data.storage_infinibox_external_services.all.external_services : "${s.name} is ${s.cluster_state}" if s.cluster_state != "GREEN"],
    flatten([for n in local.nodes : [for s in n.services : "${s.name} of ${n.name} is ${s.state}" if s.state != "ACTIVE"]]),
  )
  broken_fabrics = [
    for s in data.storage_infinibox_fc_switches.all.fc_switches : "switch ${s.name} is ${s.resiliency_state}" if s.resiliency_state != "OK"
  ]
}

check "events" {
  assert {
    condition     = length(data.storage_infinibox_events.critical.events) == 0
    error_message = "Critical in the last 24 hours: ${join(", ", data.storage_infinibox_events.critical.events[*].description)}."
  }
}

check "nodes" {
  assert {
    condition     = length(local.broken_nodes) == 0
    error_message = "Nodes: ${join(", ", local.broken_nodes)}."
  }
}

check "drives" {
  assert {
    condition     = length(local.broken_drives) == 0
    error_message = "Drives: ${join(", ", local.broken_drives)}."
  }
}

check "ports" {
  assert {
    condition     = length(local.broken_ports) == 0
    error_message = "Ports: ${join(", ", local.broken_ports)}."
  }
}

check "services" {
  assert {
    condition     = length(local.broken_services) == 0
    error_message = "Services: ${join(", ", local.broken_services)}."
  }
}

check "fabrics" {
  assert {
    condition     = length(local.broken_fabrics) == 0
    error_message = "Fabrics: ${join(", ", local.broken_fabrics)}."
  }
}
