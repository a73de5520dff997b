# There is one on an array.
terraform import storage_infinibox_ssh.support ssh
