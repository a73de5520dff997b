data "storage_infinibox_administered_pools" "mine" {}
