data "storage_ontap_vscan_scanner_pool" "main" {
  svm_name = "vs1"
  name     = "main"
}

output "scanners" {
  value = data.storage_ontap_vscan_scanner_pool.main.servers
}
