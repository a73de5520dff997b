# The buckets of an account that hold nothing.
data "storage_infinibox_s3_buckets" "of_shop" {
  account_id = 1002
  sort       = ["name"]
}

output "empty" {
  value = [for b in data.storage_infinibox_s3_buckets.of_shop.s3_buckets : b.name if coalesce(b.object_count, 0) == 0]
}
