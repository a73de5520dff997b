list "storage_infinibox_fc_switch" "all" {
  provider = storage
}
