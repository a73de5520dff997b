# There is one on an array. It is imported with all repositories.
terraform import storage_infinibox_users_repository_order.this users_repository_order
