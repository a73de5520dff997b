data "storage_infinibox_volumes" "hot" {
  filters = [{ field = "name", operator = "like", values = ["hot-"] }]
}

action "storage_infinibox_datasets_update" "cache" {
  config {
    ids                 = data.storage_infinibox_volumes.hot.volumes[*].id
    ssa_express_enabled = true
    approved            = true
  }
}
