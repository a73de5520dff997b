# Two scanners that are always in use.
resource "storage_ontap_vscan_scanner_pool" "main" {
  svm_name = "vs1"
  name     = "main"

  servers = [
    "10.72.204.27",
    "scanner2.example.com",
  ]

  # A backslash is written twice in Terraform's quotes.
  privileged_users = ["EXAMPLE\\svc-vscan"]
}

# One that steps in while no primary scanner is connected, on the partner
# cluster of a MetroCluster or disaster-recovery setup.
resource "storage_ontap_vscan_scanner_pool" "standby" {
  svm_name         = "vs1"
  name             = "standby"
  servers          = ["10.72.205.27"]
  privileged_users = ["EXAMPLE\\svc-vscan"]
  role             = "secondary"
  cluster_name     = "cluster2"
}
