# A pool with a fifth more than its volumes take.
locals {
  volumes  = { data = "4TB", log = "500GB" }
  together = sum([for size in local.volumes : provider::storage::bytes(size)])
  pool     = provider::storage::capacity(local.together * 6 / 5) # "5400GB"
}
