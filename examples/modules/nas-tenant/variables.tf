variable "name" {
  description = "What the tenant is called. It begins the names of the filesystems and the paths that clients mount."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.name))
    error_message = "A name is 1 to 32 small letters, digits and \"-\", and does not begin with \"-\"."
  }
}

variable "filesystems" {
  description = "The filesystems by name: the size, and what each client, range or network may do, such as `{ home = { size = \"2TB\", clients = { \"10.0.0.0/24\" = \"RW\" } } }`. The path to mount is `/TENANT/FILESYSTEM`."
  type = map(object({
    size    = string
    clients = map(string)
  }))

  validation {
    condition     = length(var.filesystems) > 0
    error_message = "A tenant has a filesystem at least."
  }

  validation {
    condition     = alltrue([for name in keys(var.filesystems) : can(regex("^[a-z0-9][a-z0-9-]{0,31}$", name))])
    error_message = "A filesystem's name is 1 to 32 small letters, digits and \"-\", and does not begin with \"-\"."
  }

  validation {
    condition     = alltrue([for f in values(var.filesystems) : try(provider::storage::bytes(f.size) >= 1000000000, false)])
    error_message = "A size is a number and a unit, such as \"2TB\", and 1GB at least."
  }

  validation {
    condition     = alltrue([for f in values(var.filesystems) : length(f.clients) > 0 && length(setsubtract(values(f.clients), ["RW", "RO", "NONE"])) == 0])
    error_message = "Each filesystem names its clients, and what they may do is RW, RO or NONE: an export without rules is everybody's."
  }
}

variable "keep_days" {
  description = "How many days the snapshot of each night is kept."
  type        = number
  default     = 14

  validation {
    condition     = var.keep_days >= 1 && var.keep_days == floor(var.keep_days)
    error_message = "Snapshots are kept for a day at least, in whole days."
  }
}
