resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
  virtual_capacity  = "30TB" # thin: what is promised to volumes, all together

  metadata = { cost_centre = "4711" }
}
