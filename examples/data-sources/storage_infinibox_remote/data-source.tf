# The pools of the array at the other end of the link, by name.
data "storage_infinibox_remote" "pools" {
  host  = "ibox2.example.com"
  path  = "pools"
  query = { fields = "id,name,state" }
}

locals {
  remote_pools = { for p in jsondecode(data.storage_infinibox_remote.pools.json) : p.name => p.id }
}
