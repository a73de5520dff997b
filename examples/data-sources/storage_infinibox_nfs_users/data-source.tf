# The users that are in a group of UNIX as their primary one.
data "storage_infinibox_nfs_users" "staff" {
  filters = [{ field = "primary_gid", values = ["100"] }]
}
