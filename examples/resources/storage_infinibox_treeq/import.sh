# By the filesystem's id, and the TreeQ's id or name.
terraform import storage_infinibox_treeq.projects filesystem_id=1001,id=21955048183431200
terraform import storage_infinibox_treeq.projects filesystem_id=1001,name=projects
