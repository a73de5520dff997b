# By the cluster and the host: their names or their ids.
terraform import 'storage_infinibox_host_cluster_member.db["db1"]' cluster=db,host=db1
terraform import 'storage_infinibox_host_cluster_member.db["db1"]' cluster_id=1010,host_id=1012
