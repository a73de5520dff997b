# The exports that no client can mount at present.
data "storage_infinibox_exports" "disabled" {
  filters = [{ field = "enabled", values = ["false"] }]
}
