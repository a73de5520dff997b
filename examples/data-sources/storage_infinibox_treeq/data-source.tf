data "storage_infinibox_treeq" "projects" {
  filesystem_id = 1001
  name          = "projects"
}
