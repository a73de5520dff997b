output "systems" {
  description = "What each array calls itself."
  value       = { for name, array in local.arrays : name => array.system }
}

output "pools" {
  description = "The ids of the pools, by array and name."
  value       = { for name, array in local.arrays : name => array.pools }

  precondition {
    condition     = length(local.forgotten) == 0
    error_message = "There are no blocks for ${join(", ", local.forgotten)}: main.tf wants two for each array."
  }
}
