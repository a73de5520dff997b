variable "name" {
  description = "What the database is called. The pool, the group, the policy and the cluster have this name, and it begins those of the volumes."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$", var.name))
    error_message = "A name is 1 to 32 letters, digits, \"-\", \"_\" and \".\", and begins with a letter or digit."
  }
}

variable "volumes" {
  description = "The sizes of the volumes, by name, such as `{ data = \"1TB\", log = \"200GB\" }`."
  type        = map(string)

  validation {
    condition     = length(var.volumes) > 0
    error_message = "A database has a volume at least."
  }

  validation {
    condition     = alltrue([for size in values(var.volumes) : try(provider::storage::bytes(size) >= 1000000000, false)])
    error_message = "A size is a number and a unit, such as \"500GB\", and 1GB at least."
  }
}

variable "capacity" {
  description = "The pool's capacity, such as `\"10TB\"`; a fifth more than the volumes need, in whole TB, where it is not set."
  type        = string
  default     = null

  validation {
    condition     = var.capacity == null ? true : can(provider::storage::bytes(var.capacity))
    error_message = "A capacity is a number and a unit, such as \"10TB\"."
  }
}

variable "hosts" {
  description = "The hosts of the cluster with their ports, by name."
  type = map(object({
    fc_ports    = optional(set(string), [])
    iscsi_ports = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for host in values(var.hosts) : length(host.fc_ports) + length(host.iscsi_ports) > 0])
    error_message = "A host without a port sees no volume."
  }
}

variable "snapshots" {
  description = "How often a snapshot of all volumes is taken, and how long it is kept; none are taken where it is null."
  type = object({
    every_hours = optional(number, 4)
    keep_days   = optional(number, 7)
  })
  default = {}

  validation {
    condition     = var.snapshots == null ? true : var.snapshots.every_hours >= 1 && var.snapshots.keep_days >= 1
    error_message = "Snapshots are taken every hour at most, and kept for a day at least."
  }
}
