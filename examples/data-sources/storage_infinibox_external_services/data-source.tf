data "storage_infinibox_external_services" "all" {}

check "services" {
  assert {
    condition     = alltrue([for s in data.storage_infinibox_external_services.all.external_services : s.cluster_state == "GREEN"])
    error_message = "A service does not run on all nodes."
  }
}
