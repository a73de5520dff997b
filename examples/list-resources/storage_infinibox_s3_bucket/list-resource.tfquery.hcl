list "storage_infinibox_s3_bucket" "of_shop" {
  provider = storage

  config {
    account_id = 1002
  }
}
