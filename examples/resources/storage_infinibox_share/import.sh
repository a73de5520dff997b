# By id, or by name.
terraform import storage_infinibox_share.projects 1005
terraform import storage_infinibox_share.projects name=projects
