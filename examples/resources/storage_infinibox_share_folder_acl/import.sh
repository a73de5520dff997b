# By the share, its name or its id, and the SID.
terraform import storage_infinibox_share_folder_acl.everyone share=projects,principal=S-1-1-0
terraform import storage_infinibox_share_folder_acl.everyone share_id=1005,principal=S-1-1-0
