data "storage_infinibox_s3_bucket" "pictures" {
  name = "shop-pictures"
}

output "stored" {
  value = "${data.storage_infinibox_s3_bucket.pictures.object_count} objects, ${data.storage_infinibox_s3_bucket.pictures.capacity_consumed}"
}
