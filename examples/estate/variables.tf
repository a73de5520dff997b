variable "arrays" {
  description = "The arrays by name: the address, the capacities of the pools by name, and how many requests may be under way at a time."
  type = map(object({
    endpoint        = string
    pools           = map(string)
    max_concurrency = optional(number)
  }))
}

variable "keep_days" {
  description = "How many days the snapshot of each night is kept, on all of them."
  type        = number
  default     = 14
}
