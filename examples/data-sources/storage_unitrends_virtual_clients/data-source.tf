# What runs from a backup now, on all systems that the appliance manages.
data "storage_unitrends_virtual_clients" "all" {}

locals {
  virtual_clients = flatten([
    for system in data.storage_unitrends_virtual_clients.all.systems : [
      for client in concat(system.wir, system.vm_ir, system.hv_ir) : {
        system = system.system_name
        name   = client.vm_name
        mode   = client.mode
      }
    ]
  ])
}

# A virtual client that is live stands in for a server that is down.
output "live" {
  value = [for client in local.virtual_clients : client if client.mode == "live"]
}

# Windows instant recovery on one system.
data "storage_unitrends_virtual_clients" "windows" {
  type      = "wir"
  system_id = 1
}
