data "storage_infinibox_smb_sessions" "all" {}

data "storage_infinibox_smb_handles" "of" {
  for_each   = toset([for session in data.storage_infinibox_smb_sessions.all.sessions : tostring(session.session_id)])
  session_id = tonumber(each.key)
}

output "open_files" {
  value = flatten([for of in data.storage_infinibox_smb_handles.of : of.handles[*].file_path])
}
