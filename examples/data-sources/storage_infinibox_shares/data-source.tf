# The shares that clients may use without encryption.
data "storage_infinibox_shares" "plain" {
  filters = [{ field = "encryption", values = ["false"] }]
  sort    = ["name"]
}
