data "storage_infinibox_nfs_server" "this" {}
