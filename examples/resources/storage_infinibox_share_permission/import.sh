# By the share, its name or its id, and the SID or the permission's id. A new share has one
# for everyone.
terraform import storage_infinibox_share_permission.everyone share=projects,sid=S-1-1-0
terraform import storage_infinibox_share_permission.everyone share_id=1005,sid=S-1-1-0
terraform import storage_infinibox_share_permission.auditors share_id=1005,id=385
