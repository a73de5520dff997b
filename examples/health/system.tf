# The array as a whole, for the same page: how full it is and each of its pools, its
# batteries and clocks, and the certificate that it proves itself by.

variable "full_percent" {
  description = "How full the array or a pool may be, in percent."
  type        = number
  default     = 80
}

variable "certificate_days" {
  description = "How many days before its end a certificate is to be told of."
  type        = number
  default     = 30
}

data "storage_infinibox_system" "this" {}

data "storage_infinibox_pools" "all" {}

data "storage_infinibox_ssl_certificate" "current" {}

locals {
  system = data.storage_infinibox_system.this

  # By name, how much there is and how much of that is taken, in bytes.
  storage = merge(
    { "the array" = [
      provider::storage::bytes(local.system.capacity.total_physical_capacity),
      provider::storage::bytes(local.system.capacity.total_allocated_physical_space),
    ] },
    { for p in data.storage_infinibox_pools.all.pools : "pool ${p.name}" => [
      provider::storage::bytes(p.physical_capacity),
      provider::storage::bytes(p.allocated_physical_space),
    ] },
  )
  full = [
    for name, bytes in local.storage : "${name} is ${floor(100 * bytes[1] / bytes[0])}% full" if bytes[1] * 100 > bytes[0] * var.full_percent
  ]
  unprotected = [
    for node, state in local.system.health_state.node_bbu_protection : "${node} is ${state}" if state != "PROTECTED"
  ]
  untimed = [
    for node in local.system.ntp_status : "node ${node.node_id}" if !anytrue([for peer in node.ntp_peers : peer.tally_code == "sys.peer"])
  ]
  certificate = data.storage_infinibox_ssl_certificate.current
}

check "active" {
  assert {
    condition     = local.system.operational_state.state == "ACTIVE"
    error_message = "${local.system.name} is ${local.system.operational_state.state}."
  }
}

check "capacity" {
  assert {
    condition     = length(local.full) == 0
    error_message = "Capacity: ${join(", ", local.full)}."
  }
}

check "batteries" {
  assert {
    condition     = length(local.unprotected) == 0
    error_message = "Batteries: ${join(", ", local.unprotected)}."
  }
}

check "redundancy" {
  assert {
    condition     = !local.system.health_state.rebuild_1_inprogress && !local.system.health_state.rebuild_2_inprogress
    error_message = "Data is being rebuilt: until that is done, it is protected less than it should be."
  }
}

check "time" {
  assert {
    condition     = length(local.untimed) == 0
    error_message = "No time server is followed by ${join(", ", local.untimed)}."
  }
}

check "certificate" {
  assert {
    condition     = timecmp(timeadd(plantimestamp(), "${24 * var.certificate_days}h"), local.certificate.expires_on) < 0
    error_message = "The certificate of ${local.system.name} ends on ${local.certificate.expires_on}."
  }
}
