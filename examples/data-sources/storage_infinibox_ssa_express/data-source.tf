data "storage_infinibox_ssa_express" "this" {}

output "cached" {
  value = data.storage_infinibox_ssa_express.this.active[*].name
}
