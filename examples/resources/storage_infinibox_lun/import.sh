# By the volume, and the host or the cluster that sees it: their names or their ids.
terraform import storage_infinibox_lun.db volume=db-data-1,cluster=db
terraform import storage_infinibox_lun.db volume_id=1001,cluster_id=1010
terraform import storage_infinibox_lun.backup volume_id=1001,host_id=1012
