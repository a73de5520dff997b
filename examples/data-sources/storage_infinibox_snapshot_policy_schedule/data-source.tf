data "storage_infinibox_snapshot_policy" "gold" {
  name = "gold"
}

data "storage_infinibox_snapshot_policy_schedule" "hourly" {
  snapshot_policy_id = data.storage_infinibox_snapshot_policy.gold.id
  name               = "hourly"
}
