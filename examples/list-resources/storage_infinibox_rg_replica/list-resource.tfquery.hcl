list "storage_infinibox_rg_replica" "all" {
  provider = storage
  limit    = 10000 # Terraform stops at 100 otherwise
}
