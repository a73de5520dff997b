data "storage_infinibox_replica_jobs" "db" {
  replica_id = 1001
}

output "at_work" {
  value = [for job in data.storage_infinibox_replica_jobs.db.jobs : "${job.type} since ${job.start_time}"]
}
