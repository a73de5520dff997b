# What was deleted in the last week, and by whom.
data "storage_infinibox_events" "deleted" {
  since = "7d"
  codes = ["VOLUME_DELETED", "FILESYSTEM_DELETED"]
}

output "deleted" {
  value = [for e in data.storage_infinibox_events.deleted.events : "${e.timestamp} ${e.username}: ${e.description}"]
}

# A plan warns of what is critical.
data "storage_infinibox_events" "critical" {
  since  = "24h"
  levels = ["CRITICAL"]
}

check "events" {
  assert {
    condition     = length(data.storage_infinibox_events.critical.events) == 0
    error_message = join("\n", data.storage_infinibox_events.critical.events[*].description)
  }
}
