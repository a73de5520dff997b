# The TreeQs of a filesystem that have more than they should.
data "storage_infinibox_treeqs" "over" {
  filesystem_id = 1001
  filters       = [{ field = "capacity_state", operator = "neq", values = ["BELOW_SOFT"] }]
}
