# The share is another team's, which leaves its permissions out.
data "storage_infinibox_share" "projects" {
  name = "projects"
}

resource "storage_infinibox_share_permission" "auditors" {
  share_id = data.storage_infinibox_share.projects.id
  sid      = "S-1-5-21-1004336348-1177238915-682003330-1187"
  access   = "READ"
}
