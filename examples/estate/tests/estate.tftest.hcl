# On the arrays of arrays.auto.tfvars, each of which is called as it is there.

run "applies" {
  assert {
    condition     = length(output.systems) == 10 && alltrue([for name, system in output.systems : name == system])
    error_message = "The arrays call themselves ${jsonencode(output.systems)}: one was managed as another."
  }

  assert {
    condition     = alltrue([for pools in values(output.pools) : length(pools) == 1])
    error_message = "The pools are ${jsonencode(output.pools)}."
  }
}

run "keeps_longer_on_all" {
  variables {
    keep_days = 30
  }

  assert {
    condition     = alltrue([for pools in values(output.pools) : length(pools) == 1])
    error_message = "The pools are ${jsonencode(output.pools)}."
  }
}
