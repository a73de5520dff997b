# On two arrays with a network between them: the second has a pool "copies", in which the
# copies stay when all else is deleted.

provider "storage" {
  infinibox = {
    approve_dangerous_operations = true # so that the test can clean up
  }
}

provider "storage" {
  alias = "target"
  infinibox = {
    endpoint = "https://ibox2.example.com"
  }
}

variables {
  name          = "db"
  capacity      = "10TB"
  volumes       = { data = "1TB", log = "200GB" }
  network_space = "rmr"
  target        = { address = "10.0.2.1", pool_id = 1 }
}

run "pool" {
  module {
    source = "./tests/pool"
  }

  providers = {
    storage = storage.target
  }
}

run "source" {
  providers = {
    storage = storage
  }

  variables {
    target = { address = "10.0.2.1", pool_id = run.pool.id }
  }

  assert {
    condition     = length(output.volumes) == 2 && storage_infinibox_replica.this.rpo == "15m"
    error_message = "There are ${length(output.volumes)} volumes, and the RPO is ${storage_infinibox_replica.this.rpo}."
  }
}

run "target_knows" {
  command = plan

  module {
    source = "./target"
  }

  providers = {
    storage = storage.target
  }

  variables {
    replica_id = run.source.target_replica_id
  }

  assert {
    condition     = storage_infinibox_pool.this.physical_capacity == "10TB"
    error_message = "The pool has ${storage_infinibox_pool.this.physical_capacity}."
  }
}

run "target_says_that_nothing_is_copied" {
  command = plan

  module {
    source = "./target"
  }

  providers = {
    storage = storage.target
  }

  variables {
    replica_id = "1"
  }

  expect_failures = [check.replicated]
}

run "refuses_what_cannot_be" {
  command = plan

  providers = {
    storage = storage
  }

  variables {
    name     = " db"
    capacity = "much"
    volumes  = {}
    minutes  = 0
  }

  expect_failures = [var.name, var.capacity, var.volumes, var.minutes]
}
