data "storage_infinibox_snapshot_policy" "gold" {
  name = "gold"
}

data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

resource "storage_infinibox_snapshot_policy_assignment" "db" {
  snapshot_policy_id   = data.storage_infinibox_snapshot_policy.gold.id
  assigned_entity_id   = data.storage_infinibox_consistency_group.db.id
  assigned_entity_type = "CG"

  approved = true # it may take the place of another policy, such as the default one
}
