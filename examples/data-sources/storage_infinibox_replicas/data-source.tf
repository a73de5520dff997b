# What is not copied at the moment.
data "storage_infinibox_replicas" "suspended" {
  filters = [{ field = "state", values = ["SUSPENDED"] }]
}
