# By the path that clients mount, or by id.
terraform import storage_infinibox_export.home export_path=/home
terraform import storage_infinibox_export.home 820
