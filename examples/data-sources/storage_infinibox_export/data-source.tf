data "storage_infinibox_export" "home" {
  export_path = "/home"
}
