# How busy one volume is, for ten seconds of each plan.
variable "volume_id" {
  type = number
}

data "storage_infinibox_metrics" "database" {
  filters  = { protocol_type = "SAN", volume_id = var.volume_id }
  fields   = ["throughput", "iops", "latency"]
  duration = "10s"
}

locals {
  database = { for measured in data.storage_infinibox_metrics.database.summary : measured.field => measured }
}

check "latency" {
  assert {
    condition     = local.database["latency"].average < 2000
    error_message = "The database waits ${local.database["latency"].average} microseconds for its volume."
  }
}
