# All local users, those that are disabled first to see.
data "storage_infinibox_users" "all" {
  sort = ["name"]
}

output "disabled" {
  value = [for u in data.storage_infinibox_users.all.users : u.name if !u.enabled]
}
