data "storage_infinibox_links" "detached" {
  filters = [{ field = "link_mode", values = ["DETACHED"] }]
}
