# Users of several accounts may have one name.
data "storage_infinibox_s3_account" "shop" {
  name = "shop"
}

data "storage_infinibox_s3_user" "web" {
  name       = "web"
  account_id = data.storage_infinibox_s3_account.shop.id
}
