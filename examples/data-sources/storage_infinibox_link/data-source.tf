data "storage_infinibox_link" "dr" {
  name = "to-dr"
}

check "the_other_site_is_reached" {
  assert {
    condition     = data.storage_infinibox_link.dr.link_state == "UP"
    error_message = "The link to ${data.storage_infinibox_link.dr.remote_system_name} is ${data.storage_infinibox_link.dr.link_state}."
  }
}
