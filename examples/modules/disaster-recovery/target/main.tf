resource "storage_infinibox_pool" "this" {
  name              = var.name
  physical_capacity = var.capacity
}

# Says in every plan when nothing is copied.
check "replicated" {
  data "storage_infinibox_replicas" "this" {
    filters = [{ field = "id", values = [coalesce(var.replica_id, "0")] }]
  }

  assert {
    condition     = var.replica_id == null || try(one(data.storage_infinibox_replicas.this.replicas).state, "gone") == "ACTIVE"
    error_message = "The replica is ${try(one(data.storage_infinibox_replicas.this.replicas).state, "gone")}."
  }
}
