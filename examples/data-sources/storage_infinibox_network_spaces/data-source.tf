data "storage_infinibox_network_spaces" "nas" {
  filters = [{ field = "service", values = ["NAS_SERVICE"] }]
}
