data "storage_infinibox_metrics_fields" "san" {
  filters = { protocol_type = "SAN", operation_type = "read" }
}

# What can be measured of reads, with the unit of each.
output "measurable" {
  value = { for field in data.storage_infinibox_metrics_fields.san.collector_fields : field.name => field.unit }
}

# By what it can be confined, such as to a pool or a volume.
output "confinable" {
  value = data.storage_infinibox_metrics_fields.san.filter_fields[*].name
}
