data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

data "storage_infinibox_volume_snapshot" "test" {
  name = "db-data-1-test"
}

action "storage_infinibox_volume_refresh" "test" {
  config {
    snapshot_id = data.storage_infinibox_volume_snapshot.test.id
    volume_id   = data.storage_infinibox_volume.data.id
    approved    = true
  }
}

# The test system gets fresh data with every release.
resource "terraform_data" "release" {
  input = "v42"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.storage_infinibox_volume_refresh.test]
    }
  }
}
