resource "storage_infinibox_s3_user" "web" {
  name        = "web"
  account_id  = storage_infinibox_s3_account.shop.id
  description = "Reads pictures for the web shop"
}

# To take the access of a user away and keep the user, set status to DISABLED. That is
# approved once, here or for the whole provider.
resource "storage_infinibox_s3_user" "importer" {
  name       = "importer"
  account_id = storage_infinibox_s3_account.shop.id
  status     = "DISABLED"
  approved   = true
}

resource "storage_infinibox_s3_account" "shop" {
  name    = "shop"
  pool_id = 1001
}
