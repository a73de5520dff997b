# By id, or by name.
terraform import storage_infinibox_smb_user.scanner 1012
terraform import storage_infinibox_smb_user.guest name=Guest
