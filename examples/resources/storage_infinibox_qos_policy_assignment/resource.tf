data "storage_infinibox_qos_policy" "silver" {
  name = "silver"
}

data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

resource "storage_infinibox_qos_policy_assignment" "data" {
  qos_policy_id = data.storage_infinibox_qos_policy.silver.id
  entity_id     = data.storage_infinibox_volume.data.id
}
