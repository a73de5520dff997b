package infinibox

import (
	"fmt"
	"slices"
	"unicode"
)

// SMB users are the array's own, who need no domain.

const (
	administrator, guest = "Administrator", "Guest"
	longestSMBUser       = 20
	shortestSMBPassword  = 8
)

func newSMBUsers() *collection {
	return newCollection(collection{
		path: "smb_users", noun: "SMB user", command: "GetAllSmbUsers", absent: "SMB_USER_NOT_FOUND",
		taken: "SMB_USER_NAME_CONFLICT", takenText: "An SMB user named '%s' already exists",
		legal:    func(name string) error { return checkWindowsName(name, longestSMBUser) },
		number:   func(a *Array, o Object) int { return a.nextRID(o) },
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		full: func(a *Array) error {
			if len(a.smbUsers.objects) >= a.limits.SMBUsers {
				return conflict("SMB_USER_COUNT_LIMIT", "A new SMB user cannot be created. The system has reached the maximum number of users")
			}
			return nil
		},
		checks: map[string]func(ch *change) error{
			"uid": unixIDCheck("uid"), "privileges": checkPrivileges, "password": checkSMBPassword,
			"enabled": checkSMBUserEnabled, "group_ids": checkSMBGroupIDs, "primary_group_id": checkPrimaryGroup,
		},
		check: checkSMBUser,
		stored: func(ch *change) {
			if !ch.after.bool("enabled") {
				ch.a.dropSessionsOf("sid", ch.after.text("sid"))
			}
		},
		delete: func(rq *request, o Object) {
			rq.a.remove(o)
			rq.a.dropSessionsOf("sid", o.text("sid"))
		},
		danger: func(Object) string { return "Deleting an SMB user will permanently remove their access privileges" },
		keeps:  keepsSMBUser,
		// As the reference's example has it, a new user shows null where later there is an empty list.
		answersNew: func(ch *change, answer map[string]any) {
			if len(ch.after.list("privileges")) == 0 {
				answer["privileges"] = nil
			}
		},
		computed: map[string]func(a *Array, o Object) any{
			"primary_group": func(a *Array, o Object) any {
				if group := a.smbGroups.objects[o.int("primary_group_id")]; group != nil {
					return a.render(group, nil)
				}
				return nil
			},
			"groups": func(a *Array, o Object) any {
				groups := []any{}
				for _, id := range o.list("group_ids") {
					groups = append(groups, a.render(a.smbGroups.objects[id.(int)], nil))
				}
				return groups
			},
		},
	}, `
		id               integer  filter sort
		name             text     filter sort required
		password         text     required update hidden
		enabled          boolean  filter sort create update  =true
		sid              text     filter sort
		uid              integer  filter sort create update null
		primary_group_id integer  filter sort create update null
		primary_group    object
		group_ids        list     filter create update  =[]
		groups           list
		privileges       list     create update  =[]
		tenant_id        integer  filter sort
	`)
}

func (a *Array) smbRoutes(r router) {
	r.serveSingleton(a, a.smbServer)
	r.serve(a, a.smbUsers)
	r.serve(a, a.smbGroups)
	a.smbSessionRoutes(r)
	a.smbLockRoutes(r)
}

// smbGroupsOf are the ids of all groups that a user is in.
func smbGroupsOf(user Object) []int {
	var ids []int
	for _, id := range append(slices.Clone(user.list("group_ids")), user["primary_group_id"]) {
		if id, ok := id.(int); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// checkSMBPassword asks for what Windows asks: eight characters of three kinds.
func checkSMBPassword(ch *change) error {
	password := ch.after.text("password")
	var upper, lower, digits, others int
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digits = 1
		default:
			others = 1
		}
	}
	if len([]rune(password)) < shortestSMBPassword || upper+lower+digits+others < 3 {
		return conflict("SMB_USER_PASSWORD_INVALID", "The password for SMB user '%s' does not meet the requirements. See InfiniBox user documentation for details", ch.after.name())
	}
	ch.after["password"] = digest(password)
	return nil
}

// checkSMBUserEnabled asks for approval of shutting a user out.
func checkSMBUserEnabled(ch *change) error {
	if ch.isNew() {
		return nil
	}
	enable, was := ch.after.bool("enabled"), ch.before.bool("enabled")
	switch {
	case enable && was:
		return conflict("SMB_USER_ALREADY_ENABLED", "The SMB user '%s' is already enabled", ch.before.name())
	case !enable && !was:
		return conflict("SMB_USER_ALREADY_DISABLED", "The SMB user '%s' is already disabled", ch.before.name())
	case was:
		return ch.rq.needApproval("Disabling an SMB user will revoke their access privileges for as long as they remain disabled")
	}
	return nil
}

// checkSMBGroupIDs reads the groups beside the primary one.
func checkSMBGroupIDs(ch *change) error {
	ids := []any{}
	for i, given := range ch.after.list("group_ids") {
		id, ok := toInt(given)
		if !ok {
			return errField(fmt.Sprintf("group_ids[%d]", i))
		}
		if !slices.Contains(ids, any(id)) {
			ids = append(ids, id)
		}
	}
	ch.after["group_ids"] = ids
	return nil
}

func checkPrimaryGroup(ch *change) error {
	if !ch.isNew() && ch.before.name() == administrator && ch.after["primary_group_id"] != ch.before["primary_group_id"] {
		return conflict("SMB_USER_ADMINISTRATOR_CONFLICT", "The SMB user '%s' cannot be updated with a change of primary group", ch.before.name())
	}
	return nil
}

// checkSMBUser checks that the groups of a user are there, are different ones, and have room.
func checkSMBUser(ch *change) error {
	was := smbGroupsOf(ch.before)
	for _, id := range smbGroupsOf(ch.after) {
		group, err := ch.a.smbGroups.find(id)
		switch {
		case err != nil:
			return err
		case slices.Contains(ch.after.list("group_ids"), ch.after["primary_group_id"]):
			primary := ch.a.smbGroups.objects[ch.after.int("primary_group_id")]
			return conflict("SMB_PRIMARY_GROUP_CONFLICT", "The SMB group '%s' cannot be both the primary group and a non-primary group of the user", nameOf(primary))
		case !slices.Contains(was, id) && len(ch.a.smbMembers(group))+len(group.list("domain_members")) >= ch.a.limits.SMBGroupMembers:
			return errGroupMembers(group)
		}
	}
	return nil
}

func keepsSMBUser(_ *request, user Object) error {
	switch user.name() {
	case guest:
		return conflict("SMB_USER_GUEST_CONFLICT", "The SMB user '%s' cannot be deleted", guest)
	case administrator:
		return conflict("SMB_USER_ADMINISTRATOR_CONFLICT", "The SMB user '%s' cannot be deleted", administrator)
	}
	return nil
}
