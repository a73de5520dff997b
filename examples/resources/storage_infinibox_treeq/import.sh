# By the filesystem, and the TreeQ: their names or their ids.
terraform import storage_infinibox_treeq.projects filesystem=home,name=projects
terraform import storage_infinibox_treeq.projects filesystem_id=1001,id=21955048183431200
terraform import storage_infinibox_treeq.projects filesystem_id=1001,name=projects
