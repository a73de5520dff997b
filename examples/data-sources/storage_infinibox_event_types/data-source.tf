data "storage_infinibox_event_types" "all" {}

# The codes of all that is critical.
output "critical" {
  value = [for c in data.storage_infinibox_event_types.all.codes : c.code if c.level == "CRITICAL"]
}
