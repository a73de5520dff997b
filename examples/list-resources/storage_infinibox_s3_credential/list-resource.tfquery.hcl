list "storage_infinibox_s3_credential" "of_web" {
  provider = storage

  config {
    user_id = 1003
  }
}
