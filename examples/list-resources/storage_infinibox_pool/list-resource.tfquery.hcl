list "storage_infinibox_pool" "all" {
  provider = storage
  limit    = 10000 # Terraform stops at 100 otherwise
}
