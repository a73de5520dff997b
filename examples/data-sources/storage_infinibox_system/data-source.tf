data "storage_infinibox_system" "this" {}

locals {
  capacity = data.storage_infinibox_system.this.capacity
  total    = provider::storage::bytes(local.capacity.total_physical_capacity)
  free     = provider::storage::bytes(local.capacity.free_physical_space)
}

check "capacity" {
  assert {
    condition     = local.free >= 0.2 * local.total
    error_message = "Pools have more than 80% of the array: ${local.capacity.free_physical_space} of ${local.capacity.total_physical_capacity} are free."
  }
}
