data "storage_infinibox_s3_account" "shop" {
  name = "shop"
}

output "buckets" {
  value = data.storage_infinibox_s3_account.shop.buckets_count
}
