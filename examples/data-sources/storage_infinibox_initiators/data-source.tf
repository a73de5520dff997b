data "storage_infinibox_initiators" "all" {}

output "without_a_host" {
  value = [for initiator in data.storage_infinibox_initiators.all.initiators : initiator.address if initiator.host_id == null]
}
