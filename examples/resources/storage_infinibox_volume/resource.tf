resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
}

resource "storage_infinibox_volume" "data" {
  count = 8

  name    = "db-data-${count.index + 1}"
  pool_id = storage_infinibox_pool.db.id # a change moves the volume
  size    = "500GB"                      # grows in place, never shrinks

  metadata = { application = "postgresql" }
}
