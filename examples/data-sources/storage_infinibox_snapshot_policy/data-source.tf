data "storage_infinibox_snapshot_policy" "gold" {
  name = "gold"
}
