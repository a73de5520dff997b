data "storage_infinibox_enclosures" "all" {
}
