# The array by its name among others, and what its pools may be promised: five times
# what its drives hold. To raise that is dangerous, and takes the vendor's agreement.
data "storage_infinibox_system_attribute" "physical" {
  attribute = "capacity.total_physical_capacity"
}

resource "storage_infinibox_system" "this" {
  name                   = "ibox-frankfurt-1"
  total_virtual_capacity = 5 * data.storage_infinibox_system_attribute.physical.value
  approved               = true
}
