list "storage_infinibox_s3_account" "all" {
  provider = storage
}
