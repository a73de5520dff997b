# By name, or by id.
terraform import 'storage_infinibox_volume.data[0]' name=db-data-1
terraform import 'storage_infinibox_volume.data[0]' 1001
