data "storage_infinibox_datasets" "large" {
  filters = [{ field = "size", operator = "geq", values = ["10TB"] }]
  sort    = ["-size"]
}
