# By the id or by the name.
terraform import storage_infinibox_link.dr 1001
terraform import storage_infinibox_link.dr name=to-dr
