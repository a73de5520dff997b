# What a two-node database cluster needs of an InfiniBox: a pool, the cluster's
# hosts, eight volumes that both hosts see, and a snapshot of each to go back to.
#
# The endpoint and the credentials come from INFINIBOX_ENDPOINT,
# INFINIBOX_USERNAME and INFINIBOX_PASSWORD.

terraform {
  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}

provider "storage" {
  infinibox = {
    default_metadata = { managed_by = "terraform" }
  }
}

locals {
  nodes = {
    db1 = {
      fc_ports    = ["21:00:00:24:ff:4a:10:01", "21:00:00:24:ff:4a:10:02"]
      iscsi_ports = ["iqn.2026-01.com.example:db1"]
    }
    db2 = {
      fc_ports    = ["21:00:00:24:ff:4a:20:01", "21:00:00:24:ff:4a:20:02"]
      iscsi_ports = ["iqn.2026-01.com.example:db2"]
    }
  }
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
}

resource "storage_infinibox_host" "db" {
  for_each = local.nodes

  name        = each.key
  fc_ports    = each.value.fc_ports
  iscsi_ports = each.value.iscsi_ports
}

resource "storage_infinibox_host_cluster" "db" {
  name     = "db"
  host_ids = [for host in storage_infinibox_host.db : host.id]
}

resource "storage_infinibox_volume" "data" {
  count = 8

  name    = "db-data-${count.index + 1}"
  pool_id = storage_infinibox_pool.db.id
  size    = "500GB"

  metadata = { application = "postgresql" }
}

resource "storage_infinibox_volume_snapshot" "empty" {
  count = 8

  name      = "${storage_infinibox_volume.data[count.index].name}-empty"
  parent_id = storage_infinibox_volume.data[count.index].id
}

resource "storage_infinibox_lun" "data" {
  count = 8

  volume_id  = storage_infinibox_volume.data[count.index].id
  cluster_id = storage_infinibox_host_cluster.db.id
  lun        = count.index + 1
}
