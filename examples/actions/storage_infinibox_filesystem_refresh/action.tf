data "storage_infinibox_filesystem" "home" {
  name = "home"
}

data "storage_infinibox_filesystem_snapshot" "test" {
  name = "home-test"
}

# The test system gets fresh files: terraform apply -invoke=action.storage_infinibox_filesystem_refresh.test
action "storage_infinibox_filesystem_refresh" "test" {
  config {
    snapshot_id   = data.storage_infinibox_filesystem_snapshot.test.id
    filesystem_id = data.storage_infinibox_filesystem.home.id
    approved      = true
  }
}
