variable "bind_password" {
  type      = string
  ephemeral = true
}

# Before there is a repository: does the array reach the directory, and is the password right?
# terraform apply -invoke=action.storage_infinibox_users_repository_test.before
action "storage_infinibox_users_repository_test" "before" {
  config {
    repository_type  = "LDAP"
    servers          = ["ldap1.example.com", "ldap2.example.com"]
    bind_username    = "cn=infinibox,ou=services,dc=example,dc=com"
    bind_password_wo = var.bind_password
  }
}

# A repository that is there, and a group in it.
data "storage_infinibox_users_repository" "people" {
  name = "people"
}

action "storage_infinibox_users_repository_test" "group" {
  config {
    users_repository_id = data.storage_infinibox_users_repository.people.id
    group_name          = "storage-admins"
  }
}
