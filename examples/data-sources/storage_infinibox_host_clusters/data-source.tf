data "storage_infinibox_host_clusters" "all" {
  sort = ["name"]
}
