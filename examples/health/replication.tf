# Replication, for the same page: links that are down, and copies that are older than they
# may be, or are no longer made.

data "storage_infinibox_links" "all" {}

data "storage_infinibox_replicas" "all" {}

data "storage_infinibox_rg_replicas" "all" {}

locals {
  replicas = concat(
    [for r in data.storage_infinibox_replicas.all.replicas : merge(r, { of = coalesce(r.local_cg_name, r.local_entity_name, "id ${r.id}") })],
    [for r in data.storage_infinibox_rg_replicas.all.rg_replicas : merge(r, { of = r.replication_group_name, restore_point = r.last_synchronized, sync_state = null })],
  )
  sources = [for r in local.replicas : r if r.role != "TARGET"]

  broken_links = [
    for l in data.storage_infinibox_links.all.links : "the link to ${l.remote_system_name} is ${l.link_state}" if l.link_mode == "ACTIVE" && l.link_state != "UP"
  ]
  # By the clock of the array, which dates what it copies.
  late_replicas = [
    for r in local.sources : "${r.of} is as of ${r.restore_point}, and may be ${r.rpo} behind"
    if try(r.rpo != "0s" && timecmp(timeadd(r.restore_point, r.rpo), local.system.localtime.utc_time) < 0, false)
  ]
  stalled_replicas = [
    for r in local.sources : "${r.of} is ${r.state}, ${coalesce(r.sync_state, r.state_description, "asynchronous")}"
    if r.state == "AUTO_SUSPENDED" || r.sync_state == "SYNC_STALLED"
  ]
}

check "links" {
  assert {
    condition     = length(local.broken_links) == 0
    error_message = "Links: ${join(", ", local.broken_links)}."
  }
}

check "recovery_points" {
  assert {
    condition     = length(local.late_replicas) == 0
    error_message = "Replicas behind their RPO: ${join(", ", local.late_replicas)}."
  }
}

check "replicas" {
  assert {
    condition     = length(local.stalled_replicas) == 0
    error_message = "Replicas: ${join(", ", local.stalled_replicas)}."
  }
}
