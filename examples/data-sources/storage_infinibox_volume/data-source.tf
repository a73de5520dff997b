data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

# What a host's multipath calls the volume, and where its device is.
output "data_device" {
  value = "/dev/mapper/${data.storage_infinibox_volume.data.wwid}"
}
