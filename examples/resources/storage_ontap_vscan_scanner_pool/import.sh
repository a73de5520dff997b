# By the name of the SVM, or its UUID, and the name of the pool.
terraform import storage_ontap_vscan_scanner_pool.main vs1/main
terraform import storage_ontap_vscan_scanner_pool.main 02c9e252-41be-11e9-81d5-00a0986138f7/main
