resource "storage_infinibox_snapshot_policy" "gold" {
  name   = "gold"
  suffix = "-gold"
}

# What says nothing else gets this one.
resource "storage_infinibox_snapshot_policy" "standard" {
  name                    = "standard"
  suffix                  = "-standard"
  default_snapshot_policy = true
}
