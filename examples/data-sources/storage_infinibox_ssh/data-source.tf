data "storage_infinibox_ssh" "this" {}

output "ssh_open_until" {
  value = data.storage_infinibox_ssh.this.open ? data.storage_infinibox_ssh.this.expires_at : null
}
