# The pools of all SVMs that are always in use.
data "storage_ontap_vscan_scanner_pools" "active" {
  role     = "primary"
  order_by = ["name"]
}

output "scanners" {
  value = { for p in data.storage_ontap_vscan_scanner_pools.active.scanner_pools : "${p.svm_name}/${p.name}" => p.servers }
}
