# A group of an Active Directory: its members administer the whole array.
resource "storage_infinibox_users_repository" "corp" {
  name            = "corp"
  repository_type = "ActiveDirectory"
  domain_name     = "corp.example.com"
}

resource "storage_infinibox_user_group" "storage_admins" {
  type                = "Ldap"
  name                = "storage-admins"
  users_repository_id = storage_infinibox_users_repository.corp.id
  dn                  = "cn=storage-admins,ou=groups,dc=corp,dc=example,dc=com"
  role                = "ADMIN"
}

# Another, whose members administer one pool.
resource "storage_infinibox_user_group" "dbas" {
  type                = "Ldap"
  name                = "dbas"
  users_repository_id = storage_infinibox_users_repository.corp.id
  dn                  = "cn=dbas,ou=groups,dc=corp,dc=example,dc=com"
  role                = "POOL_ADMIN"
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
  owners            = [storage_infinibox_user_group.dbas.id]
}

# A group of an SSO identity provider, under the name that the provider gives it.
data "storage_infinibox_sso_identity_provider" "okta" {
  name = "okta"
}

resource "storage_infinibox_user_group" "readers" {
  type                     = "Sso"
  name                     = "storage-readers"
  sso_identity_provider_id = data.storage_infinibox_sso_identity_provider.okta.id
  role                     = "READ_ONLY"
}
