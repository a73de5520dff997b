output "pool_id" {
  description = "The id of the pool."
  value       = storage_infinibox_pool.this.id
}

output "capacity" {
  description = "The pool's capacity."
  value       = storage_infinibox_pool.this.physical_capacity
}

output "consistency_group_id" {
  description = "The id of the group, for a replica or a snapshot before an upgrade."
  value       = storage_infinibox_consistency_group.this.id
}

output "volumes" {
  description = "The volumes by name: id, the serial number that hosts see, and LUN."
  value = {
    for name, volume in storage_infinibox_volume.this :
    name => { id = volume.id, serial = volume.serial, lun = storage_infinibox_lun.this[name].lun }
  }
}
