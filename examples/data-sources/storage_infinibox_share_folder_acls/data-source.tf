data "storage_infinibox_share_folder_acls" "projects" {
  share_id = 1005
}

output "may_do_everything" {
  value = [for e in data.storage_infinibox_share_folder_acls.projects.share_folder_acls : e.principal if e.permissions == "FULLCONTROL"]
}
