# The plan goes on once the scan has ended, and not at all if it failed.
data "storage_alibabacloud_virus_scan_task" "before_migration" {
  task_id             = 282832
  wait_for_completion = true

  timeouts = {
    read = "45m"
  }
}

output "scanned" {
  value = data.storage_alibabacloud_virus_scan_task.before_migration.targets[*].name
}
