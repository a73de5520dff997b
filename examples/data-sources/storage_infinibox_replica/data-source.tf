# How old the copy is.
data "storage_infinibox_replica" "db" {
  id = 1001
}

output "as_of" {
  value = "${data.storage_infinibox_replica.db.role} as of ${data.storage_infinibox_replica.db.restore_point}"
}
