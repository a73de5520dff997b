# A tenant of object storage: an account with a pool of its own, its users with their keys,
# and its buckets.

terraform {
  required_version = ">= 1.11"

  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}

variable "name" {
  description = "What the tenant is called. It begins the names of the access keys too."
  type        = string
}

variable "capacity" {
  description = "How much the tenant can store, such as \"20TB\"."
  type        = string
}

variable "buckets" {
  description = "The names of the buckets."
  type        = set(string)
}

variable "users" {
  description = "The users, by name. Each has a credential for each of its keys: a second one is there while the first is rotated out."
  type = map(object({
    keys        = set(string)
    description = optional(string)
    enabled     = optional(bool, true)
  }))
}

variable "secret_keys" {
  description = "The secret key of each credential, by \"USER/KEY\", as from a vault. They are in no state and no plan."
  type        = map(string)
  ephemeral   = true
}

locals {
  credentials = merge([
    for user, u in var.users : { for key in u.keys : "${user}/${key}" => { user = user, key = key } }
  ]...)
}

resource "storage_infinibox_pool" "this" {
  name              = "${var.name}-objects"
  physical_capacity = var.capacity
  type              = "S3"
}

resource "storage_infinibox_s3_account" "this" {
  name    = var.name
  pool_id = storage_infinibox_pool.this.id
}

resource "storage_infinibox_s3_bucket" "this" {
  for_each = var.buckets

  name       = each.key
  account_id = storage_infinibox_s3_account.this.id
}

resource "storage_infinibox_s3_user" "this" {
  for_each = var.users

  name        = each.key
  account_id  = storage_infinibox_s3_account.this.id
  description = each.value.description
  status      = each.value.enabled ? "ENABLED" : "DISABLED"
}

resource "storage_infinibox_s3_credential" "this" {
  for_each = local.credentials

  user_id               = storage_infinibox_s3_user.this[each.value.user].id
  access_key            = "${var.name}-${each.value.user}-${each.value.key}"
  secret_key_wo         = var.secret_keys[each.key]
  secret_key_wo_version = 1
}

output "buckets" {
  description = "The buckets, by name. Whoever uses one waits until it is there."
  value       = { for name, bucket in storage_infinibox_s3_bucket.this : name => bucket }
}

output "keys" {
  description = "The pairs of keys, by \"USER/KEY\": for a provider's configuration, or another write-only argument."
  ephemeral   = true
  value = {
    for name, secret in var.secret_keys :
    name => { access_key = storage_infinibox_s3_credential.this[name].access_key, secret_key = secret }
    if contains(keys(local.credentials), name)
  }
}
