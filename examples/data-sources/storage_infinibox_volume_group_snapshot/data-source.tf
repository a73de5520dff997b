data "storage_infinibox_volume_group_snapshot" "before_upgrade" {
  id = "1030,1031,1032,1033"
}
