# Stopped by a technician, for as long as the resource is there.
resource "storage_infinibox_external_service" "search" {
  name     = "elastic"
  running  = false
  approved = true
}
