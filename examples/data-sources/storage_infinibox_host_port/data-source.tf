data "storage_infinibox_host_port" "hba" {
  initiator_address = "21:00:00:24:ff:4a:10:01"
}

data "storage_infinibox_host" "owner" {
  id = data.storage_infinibox_host_port.hba.host_id
}
