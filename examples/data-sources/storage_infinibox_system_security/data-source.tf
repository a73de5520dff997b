data "storage_infinibox_system_security" "this" {}

check "fips" {
  assert {
    condition     = data.storage_infinibox_system_security.this.is_ldap_connections_secured && data.storage_infinibox_system_security.this.num_users_password_hash_not_secured == 0
    error_message = "The array does not follow the best practice of FIPS."
  }
}
