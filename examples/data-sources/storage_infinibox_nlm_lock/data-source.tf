data "storage_infinibox_nlm_lock" "stuck" {
  lock_id = "7ffffffffffffffe"
}

output "held_by" {
  value = data.storage_infinibox_nlm_lock.stuck.client
}
