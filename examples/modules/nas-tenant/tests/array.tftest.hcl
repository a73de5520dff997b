provider "storage" {
  infinibox = {
    approve_dangerous_operations = true # so that the test can clean up
  }
}

variables {
  name = "lab"
  filesystems = {
    home = { size = "2TB", clients = { "10.0.0.0/24" = "RW", "*" = "RO" } }
    data = { size = "500GB", clients = { "10.0.1.1-10.0.1.9" = "RW" } }
  }
}

run "applies" {
  assert {
    condition     = output.capacity == "3TB" && output.paths["home"] == "/lab/home"
    error_message = "The pool has ${output.capacity}, and home is ${output.paths["home"]}."
  }
}

run "takes_another" {
  variables {
    keep_days = 30
    filesystems = {
      home = { size = "3TB", clients = { "10.0.0.0/24" = "RW", "10.0.2.1" = "RW", "*" = "RO" } }
      data = { size = "500GB", clients = { "10.0.1.1-10.0.1.9" = "RW" } }
      new  = { size = "1TB", clients = { "*" = "RO" } }
    }
  }

  assert {
    condition     = output.capacity == "6TB" && length(output.paths) == 3
    error_message = "The pool has ${output.capacity}, and there are ${length(output.paths)} paths."
  }
}

run "refuses_what_cannot_be" {
  command = plan

  variables {
    name        = "Lab"
    filesystems = { home = { size = "2TB", clients = {} } }
    keep_days   = 0.5
  }

  expect_failures = [var.name, var.filesystems, var.keep_days]
}
