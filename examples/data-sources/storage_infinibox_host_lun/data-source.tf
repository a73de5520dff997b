data "storage_infinibox_host_lun" "boot" {
  host_id = 1002
  lun     = 0
}

output "boot_volume_id" {
  value = data.storage_infinibox_host_lun.boot.volume_id
}
