# The pool on the other array is not the tests' own: copies outlive their replica, and a
# pool that holds some cannot be deleted.

data "storage_infinibox_pool" "copies" {
  name = "copies"
}

output "id" {
  value = data.storage_infinibox_pool.copies.id
}
