data "storage_infinibox_consistency_groups" "newest" {
  sort  = ["-created_at"]
  limit = 10
}
