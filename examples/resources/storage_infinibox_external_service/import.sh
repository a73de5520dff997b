# By the name.
terraform import storage_infinibox_external_service.search name=elastic
