data "storage_infinibox_host_cluster_attribute" "type" {
  cluster_id = 1003
  attribute  = "host_type"
}
