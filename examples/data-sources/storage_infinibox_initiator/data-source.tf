data "storage_infinibox_initiator" "db1" {
  initiator_address = "iqn.2026-01.com.example:db1"
}
