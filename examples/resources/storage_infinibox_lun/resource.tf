data "storage_infinibox_volume" "data" {
  name = "db-data-1"
}

data "storage_infinibox_host_cluster" "db" {
  name = "db"
}

data "storage_infinibox_host" "backup" {
  name = "backup"
}

# For every host of a cluster, under a number of your choice.
resource "storage_infinibox_lun" "db" {
  volume_id  = data.storage_infinibox_volume.data.id
  cluster_id = data.storage_infinibox_host_cluster.db.id
  lun        = 1
}

# For one host, under a number that the array chooses.
resource "storage_infinibox_lun" "backup" {
  volume_id = data.storage_infinibox_volume.data.id
  host_id   = data.storage_infinibox_host.backup.id
}
