resource "storage_infinibox_s3_bucket" "pictures" {
  name       = "shop-pictures"
  account_id = storage_infinibox_s3_account.shop.id
}

# What is compressed already is not worth compressing again.
resource "storage_infinibox_s3_bucket" "backups" {
  name                = "shop-backups"
  account_id          = storage_infinibox_s3_account.shop.id
  compression_enabled = false
  ssd_enabled         = false
}

resource "storage_infinibox_s3_account" "shop" {
  name    = "shop"
  pool_id = 1001
}
