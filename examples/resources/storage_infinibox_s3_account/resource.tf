# An account has a pool of its own, of the type S3.
resource "storage_infinibox_pool" "shop" {
  name              = "shop-objects"
  physical_capacity = "20TB"
  type              = "S3"
}

resource "storage_infinibox_s3_account" "shop" {
  name     = "shop"
  pool_id  = storage_infinibox_pool.shop.id
  email    = "shop-platform@example.com"
  location = "tlv-1"
}
