# By name, or by id.
terraform import storage_infinibox_sso_identity_provider.okta name=okta
terraform import storage_infinibox_sso_identity_provider.okta 1001
