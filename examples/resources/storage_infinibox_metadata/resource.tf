data "storage_infinibox_volume" "legacy" {
  name = "legacy-data-1"
}

resource "storage_infinibox_metadata" "legacy" {
  object_id = data.storage_infinibox_volume.legacy.id
  metadata  = { cost_centre = "4711" }
}
