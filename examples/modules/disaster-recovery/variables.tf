variable "name" {
  description = "What is replicated is called so on both arrays, and the link too. It begins the names of the volumes."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$", var.name))
    error_message = "A name is 1 to 32 letters, digits, \"-\", \"_\" and \".\", and begins with a letter or digit."
  }
}

variable "capacity" {
  description = "The pool's capacity, such as `\"10TB\"`."
  type        = string

  validation {
    condition     = can(provider::storage::bytes(var.capacity))
    error_message = "A capacity is a number and a unit, such as \"10TB\"."
  }
}

variable "volumes" {
  description = "The sizes of the volumes, by name, such as `{ data = \"1TB\", log = \"200GB\" }`."
  type        = map(string)

  validation {
    condition     = length(var.volumes) > 0 && alltrue([for size in values(var.volumes) : try(provider::storage::bytes(size) >= 1000000000, false)])
    error_message = "There is a volume at least, and a size is a number and a unit, such as \"500GB\", and 1GB at least."
  }
}

variable "network_space" {
  description = "The name of this array's network space for replication."
  type        = string
}

variable "target" {
  description = "The other array: an address of its network space for replication, and the id of the pool that the copies are made in, which is an output of the module `target`."
  type = object({
    address = string
    pool_id = number
  })
}

variable "minutes" {
  description = "How often the copy is brought up to date, in minutes. An alarm is raised when it is three times as old."
  type        = number
  default     = 5

  validation {
    condition     = var.minutes >= 1 && var.minutes <= 480 && var.minutes == floor(var.minutes)
    error_message = "The copy is brought up to date every 1 to 480 minutes, in whole ones."
  }
}
