# What a two-node database cluster needs of an InfiniBox: a pool, the cluster's
# hosts, eight volumes that both hosts see, and a snapshot of each to go back to.
# Beside it what protects the estate: virus scanners for the files of an ONTAP
# SVM, what runs from a Unitrends backup, and a virus scan in Alibaba Cloud.
#
# Endpoints and credentials come from the environment: INFINIBOX_ENDPOINT,
# INFINIBOX_USERNAME, INFINIBOX_PASSWORD, and likewise for the other systems.

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

resource "storage_ontap_vscan_scanner_pool" "nas" {
  svm_name         = "vs1"
  name             = "scanners"
  servers          = ["10.20.0.11", "10.20.0.12"]
  privileged_users = ["example\\svc-vscan"]
}

data "storage_ontap_vscan_server_status" "nas" {
  svm_name   = "vs1"
  depends_on = [storage_ontap_vscan_scanner_pool.nas]
}

data "storage_unitrends_virtual_clients" "all" {}

data "storage_alibabacloud_virus_scan_task" "web" {
  task_id             = 282832
  wait_for_completion = true
}

output "volumes" {
  value = [for lun in storage_infinibox_lun.data : "LUN ${lun.lun}: ${storage_infinibox_volume.data[lun.lun - 1].name}, ${storage_infinibox_volume.data[lun.lun - 1].size}"]
}

output "virus_scanners" {
  value = [for server in data.storage_ontap_vscan_server_status.nas.servers : "${server.ip} to ${server.node_name}: ${server.state}"]
}

output "running_from_backup" {
  value = distinct(flatten([
    for system in data.storage_unitrends_virtual_clients.all.systems : [
      for client in concat(system.wir, system.vm_ir, system.hv_ir) : "${client.vm_name} on ${system.system_name}: ${client.mode}"
    ]
  ]))
}

output "virus_scan" {
  value = "${data.storage_alibabacloud_virus_scan_task.web.progress}: ${join(", ", data.storage_alibabacloud_virus_scan_task.web.targets[*].name)}"
}
