package infinibox

import (
	"fmt"
	"slices"
	"strings"
)

// SMB groups are the array's own groups of its own SMB users and of members of a domain.

const (
	longestGroupName = 255
	highestUnixID    = 1<<32 - 1 // of users and groups
	firstRID         = 1001      // of the users and groups that are not built in
)

// privileges are what Windows calls the rights that go beyond the access to files.
var privileges = []string{"SeChangeNotifyPrivilege", "SeTakeOwnershipPrivilege", "SeBackupPrivilege", "SeRestorePrivilege"}

func newSMBGroups() *collection {
	return newCollection(collection{
		path: "smb_groups", noun: "SMB group", command: "GetAllSmbGroups", absent: "SMB_GROUP_NOT_FOUND",
		taken: "SMB_GROUP_NAME_CONFLICT", takenText: "An SMB group named '%s' already exists. Enter a different name",
		legal:    func(name string) error { return checkWindowsName(name, longestGroupName) },
		number:   func(a *Array, o Object) int { return a.nextRID(o) },
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		full: func(a *Array) error {
			if len(a.smbGroups.objects) >= a.limits.SMBGroups {
				return conflict("SMB_GROUP_COUNT_LIMIT", "A new SMB group cannot be created. The system has reached the maximum number of groups")
			}
			return nil
		},
		checks: map[string]func(ch *change) error{
			"uid": unixIDCheck("uid"), "gid": unixIDCheck("gid"),
			"privileges": checkPrivileges, "domain_members": checkDomainMembers,
		},
		danger: func(o Object) string {
			return fmt.Sprintf("Members of the SMB group '%s' will no longer have the group's privilege levels", o.name())
		},
		keeps: func(rq *request, o Object) error { return rq.a.keepsSMBGroup(o) },
	}, `
		id             integer  filter sort
		name           text     filter sort required
		sid            text     filter sort
		uid            integer  filter sort create update null
		gid            integer  filter sort create update null
		privileges     list     create update  =["SECHANGENOTIFYPRIVILEGE"]
		domain_members list     create update null
		tenant_id      integer  filter sort
	`)
}

// addBuiltInSMB adds the groups and users that every array has: their ids, SIDs and privileges are the reference's.
func (a *Array) addBuiltInSMB() {
	for i, g := range []struct {
		name       string
		rid        int
		privileges []any
	}{
		{"Administrators", 544, []any{"SECHANGENOTIFYPRIVILEGE", "SETAKEOWNERSHIPPRIVILEGE"}},
		{"Users", 545, []any{"SECHANGENOTIFYPRIVILEGE"}},
		{"Guests", 546, []any{}},
		{"Power Users", 547, []any{"SECHANGENOTIFYPRIVILEGE"}},
		{"Backup Operators", 551, []any{"SECHANGENOTIFYPRIVILEGE", "SEBACKUPPRIVILEGE", "SERESTOREPRIVILEGE"}},
	} {
		group := a.make(a.smbGroups, map[string]any{"id": i + 1, "name": g.name, "sid": fmt.Sprintf("S-1-5-32-%d", g.rid), "privileges": g.privileges})
		if g.name == "Administrators" {
			group["uid"], group["gid"] = 0, 0
		}
		a.smbGroups.keep(group)
	}
	for i, u := range []struct {
		name       string
		rid, group int
		uid        any
	}{{administrator, 500, 1, 0}, {guest, 501, 3, nil}} {
		a.smbUsers.keep(a.make(a.smbUsers, map[string]any{
			"id": len(a.smbGroups.objects) + i + 1, "name": u.name, "sid": a.localSID(u.rid), "primary_group_id": u.group, "uid": u.uid,
		}))
	}
}

// nextRID numbers users and groups together; the number ends their SID.
func (a *Array) nextRID(o Object) int {
	server := a.smbServer.one()
	rid := max(server.int(".rid")+1, firstRID)
	server[".rid"], o["sid"] = rid, a.localSID(rid)
	return rid
}

// localSID is a SID of the array's own; the part before the number follows from its serial number.
func (a *Array) localSID(rid int) string {
	return fmt.Sprintf("S-1-5-21-%d-%d-%d-%d", 3000000000+a.serial, 2000000000+a.serial, 1000000000+a.serial, rid)
}

// unixIDCheck checks the number that a Windows user or group has for UNIX.
func unixIDCheck(field string) func(ch *change) error {
	return func(ch *change) error { return checkUnixID(field, ch.after[field]) }
}

func checkUnixID(field string, value any) error {
	number, given := value.(int)
	switch {
	case given && number > highestUnixID:
		return errWrong(field, number, fmt.Sprintf("must be less than or equal to %d", highestUnixID))
	case given && number < 0:
		return errWrong(field, number, "must be greater than or equal to 0")
	}
	return nil
}

// checkPrivileges reads the privileges of a user or group.
func checkPrivileges(ch *change) error {
	read := []any{}
	for i, given := range ch.after.list("privileges") {
		name, _ := given.(string)
		known := slices.IndexFunc(privileges, func(p string) bool { return strings.EqualFold(p, name) })
		if known < 0 {
			return errField(fmt.Sprintf("privileges[%d]", i))
		}
		word := strings.ToUpper(name)
		if slices.Contains(read, any(word)) {
			kind := ch.after.of().noun
			return conflict(strings.ToUpper(strings.ReplaceAll(kind, " ", "_"))+"_PRIVS_HAS_DUPLICATES", "Remove duplicate privilege assignments, such as '%s', from the %s '%s'", privileges[known], kind, ch.after.name())
		}
		read = append(read, word)
	}
	ch.after["privileges"] = read
	return nil
}

// checkDomainMembers reads which users and groups of a domain are members. A group with none shows null.
func checkDomainMembers(ch *change) error {
	members, others := ch.after.list("domain_members"), len(ch.a.smbMembers(ch.after))
	for i, given := range members {
		member, ok := given.(string)
		switch {
		case !ok:
			return errField(fmt.Sprintf("domain_members[%d]", i))
		case !isSID(member):
			return errSID(member, "SMB group", "domain_members")
		case slices.Contains(members[:i], given):
			return conflict("SMB_GROUP_DUPLICATE_DOMAIN_MEMBERS", "Remove the duplicate domain members from the SMB group '%s'", ch.after.name())
		case others+i >= ch.a.limits.SMBGroupMembers:
			return errGroupMembers(ch.after)
		}
	}
	if len(members) == 0 {
		ch.after["domain_members"] = nil
	}
	return nil
}

func errGroupMembers(group Object) error {
	return conflict("SMB_GROUP_MEMBERS_COUNT_LIMIT", "Cannot add a new member. The SMB group '%s' has reached the maximum number of members", group.name())
}

// smbMembers are the array's own users in a group.
func (a *Array) smbMembers(group Object) []Object {
	var members []Object
	for _, user := range a.smbUsers.all() {
		if group["id"] != nil && slices.Contains(smbGroupsOf(user), group.id()) {
			members = append(members, user)
		}
	}
	return members
}

func (a *Array) keepsSMBGroup(group Object) error {
	switch {
	case group.id() < firstRID:
		return conflict("SMB_GROUP_BUILTIN_CONFLICT", "The SMB group '%s' is a predefined group and cannot be deleted", group.name())
	case len(a.smbMembers(group)) > 0:
		return conflict("SMB_GROUP_HAS_MEMBERS", "The SMB group '%s' cannot be deleted because it has members", group.name())
	}
	return nil
}
