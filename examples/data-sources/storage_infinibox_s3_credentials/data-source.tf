# The keys of a user, the oldest first.
data "storage_infinibox_s3_credentials" "of_web" {
  user_id = 1003
  sort    = ["created_at"]
}

output "keys" {
  value = [for c in data.storage_infinibox_s3_credentials.of_web.s3_credentials : "${c.access_key} (${c.status})"]
}
