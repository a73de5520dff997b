package infinibox

import "strings"

// Groups of an LDAP repository or an SSO identity provider have a role on the array, which their members log in with.

// groupFields are those of both kinds.
const groupFields = `
	id    integer  filter sort
	name  text     filter sort required update
	role  text(INFINIDAT|ADMIN|POOL_ADMIN|TECHNICIAN|READ_ONLY|INFINIGUARD)  create update
	roles list     create update
`

func newLDAPGroups() *collection {
	return newCollection(collection{
		path: "users/ldap_groups", noun: "User", absent: "USER_NOT_FOUND", command: "GetAllLdapGroups",
		taken: "USER_ALREADY_EXISTS", takenText: "User '%s' already exists", unknownAttribute: errMissingAttribute,
		hides: hideAccount, full: ldapGroupsFull,
		prepare: func(rq *request, body map[string]any) error {
			role, err := readRole(body)
			if err == nil && role == "INFINIDAT" {
				err = badRequest("ROLE_NOT_ALLOWED", "Cannot assign LDAP users with role INFINIDAT")
			}
			if err != nil {
				return err
			}
			return mustHaveRole(rq, rq.a.ldapGroups, body, role)
		},
		checks: map[string]func(ch *change) error{
			"ldap_id": func(ch *change) error { _, err := ch.a.repositories.find(ch.after.int("ldap_id")); return err },
		},
		check: checkLDAPGroup, delete: func(rq *request, group Object) { rq.a.dropAccount(group) },
		computed: map[string]func(a *Array, o Object) any{
			"roles":     rolesOf,
			"ldap_name": func(a *Array, o Object) any { return nameOf(a.repositories.objects[o.int("ldap_id")]) },
		},
	}, groupFields+`
		type      text(Local|Ldap|Sso)  create  ="Ldap"
		dn        text     required update
		ldap_id   integer  required
		ldap_name text
	`)
}

func ldapGroupsFull(a *Array) error {
	if len(a.ldapGroups.objects) >= a.limits.LDAPGroups {
		return conflict("LDAP_GROUP_COUNT_LIMIT", "Group cannot be created: the number of Ldap groups has reached system limit")
	}
	return nil
}

func checkLDAPGroup(ch *change) error {
	if err := checkGroupRole(ch); err != nil {
		return err
	}
	repository := ch.a.repositories.objects[ch.after.int("ldap_id")]
	for _, other := range ch.a.ldapGroups.where("ldap_id", repository.id()) {
		if other.id() != ch.before.id() && strings.EqualFold(other.text("dn"), ch.after.text("dn")) {
			return conflict("DUPLICATE_DISTINGUISHED_NAME", "The Distinguished Name '%s' provided is already mapped to group '%s' on repository '%s'. Please edit the permissions of this group",
				ch.after.text("dn"), other.name(), repository.name())
		}
	}
	return nil
}

// ssoRoles are those that SSO users may have.
var ssoRoles = []string{"ADMIN", "POOL_ADMIN", "READ_ONLY"}

func newSSOGroups() *collection {
	return newCollection(collection{
		path: "users/sso_groups", noun: "User", absent: "USER_NOT_FOUND", command: "GetAllSsoGroups",
		unknownAttribute: errMissingAttribute, hides: hideAccount, full: ssoGroupsFull,
		prepare: func(rq *request, body map[string]any) error {
			role, err := readRole(body)
			if err != nil {
				return err
			}
			if role != "" && !contains(ssoRoles, role) {
				return conflict("SSO_USER_GROUP_ROLE_NOT_ALLOWED", "Cannot assign role '%s' to SSO users", role)
			}
			return mustHaveRole(rq, rq.a.ssoGroups, body, role)
		},
		checks: map[string]func(ch *change) error{
			"idp_id": func(ch *change) error { _, err := ch.a.idps.find(ch.after.int("idp_id")); return err },
			"name":   checkSSOGroupName,
		},
		check: checkGroupRole,
		keeps: func(rq *request, group Object) error {
			return rq.needApproval("Deleting SSO user group '%s' will invalidate all users currently logged in through SSO identity provider '%s'",
				group.name(), rq.a.idps.objects[group.int("idp_id")].name())
		},
		delete: func(rq *request, group Object) {
			rq.a.dropAccount(group)
			rq.a.endSSOSessions(group.int("idp_id"))
		},
		computed: map[string]func(a *Array, o Object) any{
			"roles":    rolesOf,
			"idp_name": func(a *Array, o Object) any { return nameOf(a.idps.objects[o.int("idp_id")]) },
		},
	}, groupFields+`
		type     text(Local|Ldap|Sso)  create  ="Sso"
		idp_id   integer  required
		idp_name text
	`)
}

func ssoGroupsFull(a *Array) error {
	if len(a.ssoGroups.objects) >= a.limits.SSOGroups {
		return conflict("SSO_GROUP_COUNT_LIMIT", "Group cannot be created: the number of SSO groups has reached system limit")
	}
	return nil
}

func checkSSOGroupName(ch *change) error {
	name := ch.after.name()
	if err := checkName(name); err != nil {
		return err
	}
	for _, other := range ch.a.ssoGroups.where("idp_id", ch.after.int("idp_id")) {
		if other.id() != ch.before.id() && strings.EqualFold(other.name(), name) {
			return conflict("SSO_USER_GROUP_NAME_CONFLICT", "An SSO user group named '%s' already exists for SSO identity provider '%s'",
				name, ch.a.idps.objects[ch.after.int("idp_id")].name())
		}
	}
	return nil
}
