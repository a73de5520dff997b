package infinibox

// security is what the array says of its security.
func (a *Array) security() map[string]any {
	strength, sufficient := a.certificateStrength()
	return map[string]any{
		"encryption_enabled": false, "system_security_state": "FIPS1", "kmip_connectivity_state": "DISABLED",
		"fips_best_practice": map[string]any{
			"is_local_users_disabled": false, "is_http_redirection": false, "is_certificate_strength_sufficient": sufficient,
			"num_users_password_hash_not_secured": 0, "is_ldap_connections_secured": false, "certificate_strength": strength,
			"local_users_password_hash": "SHA256",
		},
	}
}

// accessRoutes serve who may log in, and what the array proves itself with.
func (a *Array) accessRoutes(r router) {
	a.userRoutes(r)
	a.certificateRoutes(r)
}
