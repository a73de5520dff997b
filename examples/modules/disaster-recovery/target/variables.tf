variable "name" {
  description = "What is replicated is called so."
  type        = string
}

variable "capacity" {
  description = "The capacity of the pool that the copies are made in, such as `\"10TB\"`: that of the other array's."
  type        = string

  validation {
    condition     = can(provider::storage::bytes(var.capacity))
    error_message = "A capacity is a number and a unit, such as \"10TB\"."
  }
}

variable "replica_id" {
  description = "The id of the replica on this array, once there is one."
  type        = string
  default     = null
}
