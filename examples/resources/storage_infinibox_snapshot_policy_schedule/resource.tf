resource "storage_infinibox_snapshot_policy" "gold" {
  name   = "gold"
  suffix = "-gold"
}

# Every hour, kept for a day.
resource "storage_infinibox_snapshot_policy_schedule" "hourly" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
  name               = "hourly"
  type               = "PERIODIC"
  interval           = 3600
  retention          = 24 * 3600
}

# Every day at two in the morning, kept for 30 days.
resource "storage_infinibox_snapshot_policy_schedule" "daily" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
  name               = "daily"
  type               = "CLOCK"
  day_of_week        = "ALL"
  time_of_day        = 2 * 3600
  retention          = 30 * 24 * 3600
}
