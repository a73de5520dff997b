resource "storage_infinibox_nfs_server" "this" {
  nfsv4_support = "ENABLED" # and it stays so
}
