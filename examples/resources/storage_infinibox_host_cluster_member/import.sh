# By the cluster and the host.
terraform import 'storage_infinibox_host_cluster_member.db["db1"]' cluster_id=1010,host_id=1012
