data "storage_infinibox_pool" "db" {
  name = "db"
}

# The group is another team's, which leaves its member_ids out.
data "storage_infinibox_consistency_group" "db" {
  name = "db"
}

resource "storage_infinibox_volume" "data" {
  count = 4

  name    = "db-data-${count.index + 1}"
  pool_id = data.storage_infinibox_pool.db.id
  size    = "500GB"

  lifecycle {
    ignore_changes = [pool_id] # it moves with the group
  }
}

resource "storage_infinibox_consistency_group_member" "data" {
  count = 4

  consistency_group_id = data.storage_infinibox_consistency_group.db.id
  member_id            = storage_infinibox_volume.data[count.index].id
}

# The group is replicated, and so is the volume once it is in. On the other array its copy
# gets a name of its own. When the volume leaves the group, it goes on being replicated.
resource "storage_infinibox_consistency_group_member" "archive" {
  consistency_group_id = data.storage_infinibox_consistency_group.db.id
  member_id            = storage_infinibox_volume.archive.id

  remote_entity_name = "db-archive-dr"
  create_replica     = true
  replica_name       = "archive"
}

resource "storage_infinibox_volume" "archive" {
  name    = "db-archive"
  pool_id = data.storage_infinibox_pool.db.id
  size    = "2TB"

  lifecycle {
    ignore_changes = [pool_id]
  }
}
