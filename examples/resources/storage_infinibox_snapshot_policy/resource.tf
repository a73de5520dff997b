resource "storage_infinibox_snapshot_policy" "gold" {
  name   = "gold"
  suffix = "-gold"
}
