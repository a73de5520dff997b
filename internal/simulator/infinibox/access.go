package infinibox

import (
	"maps"
	"net/http"
)

// accessState is what the array knows of its security as a whole, not by object.
type accessState struct {
	Policy    PasswordPolicy `json:"password_policy"`
	Message   string         `json:"message_of_the_day"`
	EULA      eula           `json:"eula"`
	SSHUntil  int            `json:"ssh_open_until"` // 0: it was never opened
	KMS       kms            `json:"kms"`
	Encrypted bool           `json:"encrypted"` // the drives encrypt what they hold
	NoFIPS    bool           `json:"no_fips"`
}

// SeedSecurity is what no request can say of an array's security. What is not there stays as it is.
type SeedSecurity struct {
	PasswordPolicy     *PasswordPolicy `json:"password_policy"`
	MessageOfTheDay    *string         `json:"message_of_the_day"`
	Encryption         *bool           `json:"encryption"` // the drives encrypt what they hold
	FIPS               *bool           `json:"fips"`
	UnreachableServers []string        `json:"unreachable_kms_servers"` // key servers that do not answer
}

func (a *Array) plantSecurity(s *SeedSecurity) {
	if s == nil {
		return
	}
	if s.PasswordPolicy != nil {
		a.access.Policy = s.PasswordPolicy.withDefaults()
	}
	if s.MessageOfTheDay != nil {
		a.access.Message = *s.MessageOfTheDay
	}
	if s.Encryption != nil {
		a.access.Encrypted = *s.Encryption
	}
	if s.FIPS != nil {
		a.access.NoFIPS = !*s.FIPS
	}
	if s.UnreachableServers != nil {
		a.access.KMS.Unreachable = s.UnreachableServers
	}
}

// security is what the array says of its security.
func (a *Array) security() map[string]any {
	secured := len(a.repositories.objects) > 0
	for _, repository := range a.repositories.objects {
		secured = secured && repository.bool("use_ldaps")
	}
	strength, sufficient := a.certificateStrength()
	state := "FIPS1"
	if a.access.NoFIPS {
		state = "NONE"
	}
	return map[string]any{
		"encryption_enabled": a.access.Encrypted, "system_security_state": state, "kmip_connectivity_state": a.kmsState(),
		"fips_best_practice": map[string]any{
			"is_local_users_disabled": false, "is_http_redirection": false, "is_certificate_strength_sufficient": sufficient,
			"num_users_password_hash_not_secured": 0, "is_ldap_connections_secured": secured, "certificate_strength": strength,
			"local_users_password_hash": "SHA256",
		},
	}
}

// accessRoutes serve who may log in, how they prove it, and what the array proves itself with.
func (a *Array) accessRoutes(r router) {
	a.userRoutes(r)
	a.ldapRoutes(r)
	a.ssoRoutes(r)
	a.certificateRoutes(r)
	a.kmsRoutes(r)
	a.sshRoutes(r)
	a.eulaRoutes(r)
	r.open(http.MethodGet, "/motd", func(*request) (any, error) { return a.access.Message, nil })
}

// singleton answers for an object that there is one of.
func singleton(rq *request, o map[string]any) any {
	return plucked(maps.Clone(o), pluck(rq.query))
}
