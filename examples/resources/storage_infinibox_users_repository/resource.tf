variable "bind_password" {
  type      = string
  ephemeral = true
}

# An LDAP directory with two servers: the array asks the first that answers.
resource "storage_infinibox_users_repository" "people" {
  name                     = "people"
  repository_type          = "LDAP"
  servers                  = ["ldap1.example.com", "ldap2.example.com"]
  bind_username            = "cn=infinibox,ou=services,dc=example,dc=com"
  bind_password_wo         = var.bind_password
  bind_password_wo_version = 1

  username_attribute = "uid"
  user_class         = "inetOrgPerson"
  users_basedn       = "ou=people,dc=example,dc=com"
  group_class        = "groupOfNames"
  groups_basedn      = "ou=groups,dc=example,dc=com"
}

# An Active Directory, whose domain controllers the array finds by the domain.
resource "storage_infinibox_users_repository" "corp" {
  name                     = "corp"
  repository_type          = "ActiveDirectory"
  domain_name              = "corp.example.com"
  bind_username            = "infinibox"
  bind_password_wo         = var.bind_password
  bind_password_wo_version = 1
}
