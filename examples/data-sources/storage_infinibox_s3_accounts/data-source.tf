# The accounts that are out of service.
data "storage_infinibox_s3_accounts" "disabled" {
  filters = [{ field = "enabled", values = ["false"] }]
  sort    = ["name"]
}
