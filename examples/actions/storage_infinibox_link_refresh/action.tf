data "storage_infinibox_link" "dr" {
  name = "to-dr"
}

# Invoked by hand, after the network of the other site has changed:
# terraform apply -invoke=action.storage_infinibox_link_refresh.dr
action "storage_infinibox_link_refresh" "dr" {
  config {
    link_id = data.storage_infinibox_link.dr.id
  }
}
