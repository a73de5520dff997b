# By name, or by id. The next apply sends the passwords, which nobody can read.
terraform import storage_infinibox_notification_target.log name=log
terraform import storage_infinibox_notification_target.mail 3
