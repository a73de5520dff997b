data "storage_infinibox_dataset" "home" {
  name = "home"
}
