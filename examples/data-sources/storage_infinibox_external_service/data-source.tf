data "storage_infinibox_external_service" "database" {
  name = "postgresql"
}
