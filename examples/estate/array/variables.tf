variable "pools" {
  description = "The capacities of the pools, by name, such as `{ gold = \"100TB\" }`."
  type        = map(string)

  validation {
    condition     = alltrue([for size in values(var.pools) : try(provider::storage::bytes(size) >= 1000000000000, false)])
    error_message = "A capacity is a number and a unit, such as \"100TB\", and 1TB at least."
  }
}

variable "keep_days" {
  description = "How many days the snapshot of each night is kept."
  type        = number

  validation {
    condition     = var.keep_days >= 1 && var.keep_days == floor(var.keep_days)
    error_message = "Snapshots are kept for a day at least, in whole days."
  }
}
