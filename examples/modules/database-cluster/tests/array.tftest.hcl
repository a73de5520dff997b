provider "storage" {
  infinibox = {
    approve_dangerous_operations = true # so that the test can clean up
  }
}

variables {
  name    = "db"
  volumes = { data = "1TB", log = "200GB" }
  hosts = {
    db1 = { fc_ports = ["21:00:00:24:ff:4a:10:01", "21:00:00:24:ff:4a:10:02"] }
    db2 = { iscsi_ports = ["iqn.2026-01.com.example:db2"] }
  }
}

run "applies" {
  assert {
    condition     = output.capacity == "2TB" && output.volumes["data"].lun != output.volumes["log"].lun
    error_message = "The pool has ${output.capacity}, and the volumes are ${jsonencode(output.volumes)}."
  }
}

run "grows" {
  variables {
    volumes   = { data = "2TB", log = "200GB", temp = "100GB" }
    snapshots = { every_hours = 1 }
  }

  assert {
    condition     = output.capacity == "3TB" && length(storage_infinibox_consistency_group.this.member_ids) == 3
    error_message = "The pool has ${output.capacity}, and the group ${length(storage_infinibox_consistency_group.this.member_ids)} members."
  }
}

run "is_stable" {
  command = plan

  variables {
    volumes   = { data = "2TB", log = "200GB", temp = "100GB" }
    snapshots = { every_hours = 1 }
  }

  assert {
    # Of a volume that would be made anew, no plan knows the serial number.
    condition     = alltrue([for volume in output.volumes : volume.serial != ""])
    error_message = "The volumes would change."
  }
}

run "refuses_what_cannot_be" {
  command = plan

  variables {
    name      = "-db"
    volumes   = { data = "much" }
    hosts     = { db1 = {} }
    snapshots = { every_hours = 0 }
  }

  expect_failures = [var.name, var.volumes, var.hosts, var.snapshots]
}
