data "storage_infinibox_filesystem" "home" {
  name = "home"
}

data "storage_infinibox_nlm_locks" "db" {
  filesystem_id = data.storage_infinibox_filesystem.home.id
}

output "waiting" {
  value = [for lock in data.storage_infinibox_nlm_locks.db.locks : lock.client if lock.state == "WAITING"]
}
