# The hosts whose name begins with db.
data "storage_infinibox_hosts" "db" {
  filters = [{ field = "name", operator = "like", values = ["db"] }]
  sort    = ["name"]
}
