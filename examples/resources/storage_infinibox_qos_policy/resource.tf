resource "storage_infinibox_qos_policy" "silver" {
  name    = "silver"
  type    = "VOLUME"
  max_ops = 10000
  max_bps = provider::storage::bytes("250MiB") # a second

  burst_enabled = true
  burst_factor  = 1.5
}
