data "storage_infinibox_share" "projects" {
  name = "projects"
}
