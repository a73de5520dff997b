data "storage_infinibox_consistency_group_member" "data" {
  consistency_group_id = 1010
  member_id            = 1001
}
