data "storage_infinibox_share" "projects" {
  name = "projects"
}

resource "storage_infinibox_share_folder_acl" "projects" {
  for_each = {
    "S-1-5-21-1004336348-1177238915-682003330-512"  = "FULLCONTROL"
    "S-1-5-21-1004336348-1177238915-682003330-1134" = "MODIFY"
  }

  share_id    = data.storage_infinibox_share.projects.id
  principal   = each.key
  permissions = each.value
}
