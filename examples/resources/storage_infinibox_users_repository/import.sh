# By name, or by id. The next apply sends the bind password, which nobody can read.
terraform import storage_infinibox_users_repository.corp name=corp
terraform import storage_infinibox_users_repository.corp 1001
