data "storage_infinibox_components" "rack" {}

# Drives that are not in use as they should be, by enclosure and number.
output "drives" {
  value = flatten([
    for e in data.storage_infinibox_components.rack.enclosures : [
      for d in e.drives : "${e.id}/${d.id} is ${d.state}" if d.state != "ACTIVE"
    ]
  ])
}
