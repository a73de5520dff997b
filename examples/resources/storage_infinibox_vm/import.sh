# By id, or by name.
terraform import storage_infinibox_vm.erp 89
terraform import storage_infinibox_vm.erp name=erp
