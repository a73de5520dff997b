list "storage_infinibox_replication_group" "all" {
  provider = storage
  limit    = 10000 # Terraform stops at 100 otherwise
}
