data "storage_infinibox_nfs_user" "root" {
  uid = 0
}
