# A sign of life of a tool that works beside the array.
# terraform apply -invoke=action.storage_infinibox_event_create.alive
action "storage_infinibox_event_create" "alive" {
  config {
    code = "ECOSYSTEM_TOOLS_HEARTBEAT"
    data = { event_desc = "The backup gateway is alive" }
  }
}
