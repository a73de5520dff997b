package infinibox

import (
	"fmt"
	"regexp"
	"strings"
)

// A permission of a share says what one principal, known by its SID, may do through the share.

const everyone = "S-1-1-0"

var sid = regexp.MustCompile(`^[Ss]-1-\d+(-\d+){1,15}$`)

func isSID(text string) bool { return sid.MatchString(text) }

// errSID is for a field of a user, a group or a query that is to have a SID.
func errSID(value, owner, field string) error {
	return conflict("INVALID_SID_VALUE", "'%s' is not a valid SID. Change it in the %s field '%s'", value, owner, field)
}

func newSharePermissions() *collection {
	absent := func(Object) error { return notFound("SHARE_PERMISSION_NOT_FOUND", "Share permissions not found") }
	return newCollection(collection{
		path: "permissions", noun: "Share permissions", absent: "SHARE_PERMISSION_NOT_FOUND", command: "GetAllSharePermissions",
		key: "sid", in: "share_id", nested: true, foreign: absent, minor: true,
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		called: func(o Object) string {
			return fmt.Sprintf("share permission '[sid=%s, access=%s]'", o.text("sid"), o.text("access"))
		},
		checks: map[string]func(ch *change) error{"sid": checkSharePermission},
	}, `
		id       integer  filter sort
		share_id integer  filter sort
		sid      text     filter sort required
		access   text(READ|READWRITE|FULLCONTROL)  filter sort required update
	`)
}

// checkSharePermission checks a new permission: a share has one for each principal.
func checkSharePermission(ch *change) error {
	given, share := ch.after.text("sid"), ch.a.holderOf(ch.after)
	if !isSID(given) {
		return conflict("SHARE_PERMISSION_INVALID_SID", "'%s' is not a valid SID", given)
	}
	others := ch.a.sharePermissions.where("share_id", share.id())
	for _, other := range others {
		if strings.EqualFold(other.text("sid"), given) {
			return conflict("SHARE_PERMISSION_ALREADY_DEFINED_FOR_SID", "Share '%s' permissions for SID '%s' are already defined", share.name(), given)
		}
	}
	if len(others) >= ch.a.limits.SharePermissions {
		return conflict("SHARE_PERMISSION_COUNT_LIMIT", "New SMB permissions cannot be added to the share '%s'. The share has reached the maximum number of permissions", share.name())
	}
	return nil
}
