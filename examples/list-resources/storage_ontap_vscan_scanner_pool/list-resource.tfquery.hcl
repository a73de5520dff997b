list "storage_ontap_vscan_scanner_pool" "of_vs1" {
  provider = storage

  config {
    svm_name = "vs1"
    role     = "primary"
  }
}
