# By id, or by name.
terraform import storage_infinibox_smb_group.backup 1011
terraform import storage_infinibox_smb_group.administrators name=Administrators
