# There is one on an array. Neither username nor password_wo is needed.
terraform import storage_infinibox_active_directory_domain.this active_directory_domain
