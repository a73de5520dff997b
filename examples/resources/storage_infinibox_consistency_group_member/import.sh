# By the group and the volume: their names or their ids.
terraform import 'storage_infinibox_consistency_group_member.data[0]' consistency_group=db,member=db-data-1
terraform import 'storage_infinibox_consistency_group_member.data[0]' consistency_group_id=1010,member_id=1001
