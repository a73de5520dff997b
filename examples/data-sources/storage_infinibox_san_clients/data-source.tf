data "storage_infinibox_san_clients" "all" {}
