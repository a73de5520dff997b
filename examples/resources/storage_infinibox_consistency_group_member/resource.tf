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
