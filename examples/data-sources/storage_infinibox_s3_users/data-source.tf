# The users of an account who can sign no requests.
data "storage_infinibox_s3_users" "disabled" {
  account_id = 1002
  filters    = [{ field = "status", values = ["DISABLED"] }]
}
