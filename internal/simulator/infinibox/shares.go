package infinibox

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A share is a name under which SMB clients reach a directory of a filesystem, or of a snapshot of one. A home share
// gives each user a directory of the user's own below a base path.

const (
	longestShareName = 80
	defaultUserDir   = "%d/%u"
)

// ofHomeShares are the fields that home shares alone have.
var ofHomeShares = []string{"internal_base_path", "user_directory", "user_dir_auto_create"}

func newShares() *collection {
	return newCollection(collection{
		path: "shares", noun: "Share", command: "GetAllShares", absent: "SHARE_NOT_FOUND", in: "filesystem_id",
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		has:     func(o Object, field string) bool { return isHome(o) || !contains(ofHomeShares, field) },
		called:  func(o Object) string { return "share '" + o.name() + "'" },
		prepare: prepareShare, fill: fillShare, full: sharesFull, checks: shareChecks, check: checkShare, stored: shareStored,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting %s '%s' will cause all clients using this share to disconnect", shareType(o), o.name())
		},
		keeps:  func(rq *request, o Object) error { return notSuspended(rq.a.holderOf(o)) },
		delete: func(rq *request, o Object) { rq.a.dropShare(o) },
		computed: map[string]func(a *Array, o Object) any{
			"permissions": func(a *Array, o Object) any {
				return a.renderAll(a.sharePermissions.where("share_id", o.id()), nil)
			},
		},
	}, `
		id                              integer  filter sort
		name                            text     filter sort required
		filesystem_id                   integer  filter sort required
		inner_path                      text     filter sort create  ="/"
		enabled                         boolean  filter sort create update  =true
		description                     text     filter sort create update  =""
		offline_caching                 text(NONE|MANUAL|DOCUMENTS|PROGRAMS)  filter sort create update  ="MANUAL"
		access_based_enumeration        boolean  filter sort create update  =false
		encryption                      boolean  filter sort create update  =false
		leases_enabled                  boolean  filter sort create update  =true
		snapdir_visible                 boolean  filter sort create update  =true
		default_file_unix_permissions   text     filter sort create update null
		default_folder_unix_permissions text     filter sort create update null
		is_home_share                   boolean  create  =false
		internal_base_path              text     create
		user_directory                  text     create
		user_dir_auto_create            boolean  create update null
		permissions                     list
		tenant_id                       integer  filter sort
		created_at                      integer  filter sort
		updated_at                      integer  filter sort
	`)
}

func (a *Array) shareRoutes(r router) {
	r.serve(a, a.shares)
	r.serve(a, a.sharePermissions)
	a.folderACLRoutes(r)
}

func isHome(share Object) bool { return share.bool("is_home_share") }

// shareType is how messages call a share.
func shareType(share Object) string {
	if isHome(share) {
		return "home share"
	}
	return "share"
}

func (a *Array) sharesOf(filesystem Object) []Object {
	return a.shares.where("filesystem_id", filesystem.id())
}

func (a *Array) isShared(filesystem Object) bool { return len(a.sharesOf(filesystem)) > 0 }

// rootFolder is the directory that a share gives access to.
func rootFolder(share Object) string {
	if isHome(share) {
		return share.text("internal_base_path")
	}
	return share.text("inner_path")
}

// prepareShare takes encryption by the name that the vendor's SDK has for it, and reads what a home share needs.
func prepareShare(rq *request, body map[string]any) error {
	if value, given := body["require_encryption"]; given {
		delete(body, "require_encryption")
		body["encryption"] = value
	}
	if home, _ := toBool(body["is_home_share"]); !home || !rq.creates() {
		return nil
	}
	if _, given := body["inner_path"]; given {
		return errUnsupported("inner_path")
	}
	if body["internal_base_path"] == nil {
		return errMissing("internal_base_path")
	}
	return nil
}

// fillShare gives a new home share its directories.
func fillShare(ch *change) {
	if !ch.isNew() || !isHome(ch.after) {
		return
	}
	base := ch.after.text("internal_base_path")
	if strings.HasPrefix(base, "/") {
		base = path.Clean(base)
	}
	if !ch.sets("user_directory") {
		ch.after["user_directory"] = defaultUserDir
	}
	if !ch.sets("user_dir_auto_create") {
		ch.after["user_dir_auto_create"] = false
	}
	ch.after["internal_base_path"], ch.after["inner_path"] = base, path.Join(base, ch.after.text("user_directory"))
}

func sharesFull(a *Array) error {
	if len(a.shares.objects) >= a.limits.Shares {
		return conflict("SHARE_COUNT_LIMIT", "A new share cannot be created. The system has reached the maximum number of shares")
	}
	return nil
}

var shareChecks = map[string]func(ch *change) error{
	"name":                            checkShareName,
	"enabled":                         checkShareEnabled,
	"internal_base_path":              homeCheck("internal_base_path"),
	"user_directory":                  homeCheck("user_directory"),
	"user_dir_auto_create":            checkAutoCreate,
	"default_file_unix_permissions":   unixDefaultCheck("default_file_unix_permissions"),
	"default_folder_unix_permissions": unixDefaultCheck("default_folder_unix_permissions"),
}

// checkShareEnabled asks for approval of cutting clients off.
func checkShareEnabled(ch *change) error {
	if ch.isNew() {
		return nil
	}
	enable, was := ch.after.bool("enabled"), ch.before.bool("enabled")
	switch {
	case enable && was:
		return conflict("SHARE_ALREADY_ENABLED", "The share '%s' is already enabled", ch.before.name())
	case !enable && !was:
		return conflict("SHARE_ALREADY_DISABLED", "The share '%s' is already disabled", ch.before.name())
	case was:
		return ch.rq.needApproval("Disabling the %s '%s' will disconnect all clients that use this share", shareType(ch.before), ch.before.name())
	}
	return nil
}

// homeCheck refuses a field of home shares to other ones.
func homeCheck(field string) func(ch *change) error {
	return func(ch *change) error {
		if !isHome(ch.after) {
			return errUnsupported(field)
		}
		return nil
	}
}

func checkAutoCreate(ch *change) error {
	if err := homeCheck("user_dir_auto_create")(ch); err != nil {
		return err
	}
	if ch.after["user_dir_auto_create"] == nil {
		return errShareValue(ch.after, "user_dir_auto_create")
	}
	creates := func(other Object) bool {
		return other.id() != ch.before.id() && other.bool("user_dir_auto_create") && strings.EqualFold(other.name(), ch.after.name())
	}
	if ch.after.bool("user_dir_auto_create") && slices.ContainsFunc(ch.a.shares.all(), creates) {
		return conflict("USER_DIR_AUTO_CREATE_FOR_UNIQUE_SHARENAME_ONLY", "User directory auto creation cannot be enabled for more than one home share of the same name")
	}
	return nil
}

func errShareValue(share Object, field string) error {
	value := share[field]
	if value == nil {
		value = "null"
	}
	return conflict("SHARE_ILLEGAL_VALUE", "'%v' is not a valid %s in the SMB share '%s'", value, field, share.name())
}

// unixDefaultCheck checks the mode of what SMB clients make on a filesystem of UNIX's style.
func unixDefaultCheck(field string) func(ch *change) error {
	return func(ch *change) error {
		switch {
		case ch.after[field] == nil:
			return nil
		case isWindows(ch.a.holderOf(ch.after)):
			return conflict("SMB_UNIX_DEFAULTS_ON_WIN_FS_REJECTED", "UNIX file and folder default permissions are not relevant for shares on a Windows filesystem")
		case !rootMode.MatchString(ch.after.text(field)):
			return errShareValue(ch.after, field)
		}
		return nil
	}
}

// checkShare checks a share as it is going to be, against its filesystem.
func checkShare(ch *change) error {
	filesystem := ch.a.holderOf(ch.after)
	if err := notSuspended(filesystem); err != nil {
		return err
	}
	if ch.isNew() {
		if err := checkNewShare(ch, filesystem); err != nil {
			return err
		}
	}
	if ch.after.bool("enabled") && isTarget(filesystem) {
		return conflict("TARGET_REPLICA_SHARE_NOT_ALLOWED", "A replica target cannot be shared")
	}
	return nil
}

func checkNewShare(ch *change, filesystem Object) error {
	speaksNFS4 := func(export Object) bool { return export["nfs_version"] == nfs4 }
	switch {
	case len(ch.a.sharesOf(filesystem)) >= ch.a.limits.FilesystemShares:
		return conflict("SHARE_FILESYSTEM_COUNT_LIMIT", "A new share cannot be created. The filesystem has reached the maximum number of shares")
	case !filesystem.bool("_is_established"):
		return conflict("CANNOT_CREATE_SHARE_FOR_UNESTABLISHED_SNAPSHOT", "Cannot create a share for an unestablished snapshot '%s'", filesystem.name())
	case isHome(ch.after):
		if err := checkHomeShare(ch, filesystem); err != nil {
			return err
		}
	default:
		if err := checkSharedFolder(ch, filesystem); err != nil {
			return err
		}
	}
	switch {
	case slices.ContainsFunc(ch.a.exportsOf(filesystem), speaksNFS4):
		return errNFS4AndSMB
	case !isWindows(filesystem) && !ch.a.isExported(filesystem):
		return conflict("SUSPICIOUS_FILESYSTEM_SHARE", "A UNIX security-style filesystem can only have SMB shares if it already has NFS exports. Either create an NFS export on this filesystem, or create the SMB shares on a WINDOWS security-style filesystem")
	}
	return nil
}

var errNFS4AndSMB = &apiError{"NFSV4_EXPORT_AND_SMB_SHARE_CONFLICT", 409, "A filesystem cannot have both SMB shares and NFSv4 exports"}

// checkSharedFolder lets directories be shared that are there.
func checkSharedFolder(ch *change, filesystem Object) error {
	given := ch.after.text("inner_path")
	inner := path.Clean(given)
	switch {
	case !strings.HasPrefix(given, "/"):
		return errIllegalPath("inner_path", given)
	case contains(strings.Split(given, "/"), ".."):
		return conflict("SHARE_INVALID_INTERNAL_PATH", "'%s' is not a valid internal path. Filesystem ID '%d'. Share ID '%d'", given, filesystem.id(), ch.a.lastID+1)
	case contains(strings.Split(inner, "/"), filesystem.text("snapdir_name")):
		return conflict("SHARING_SNAPSHOT_DIRECTORY_NOT_ALLOWED", "A share's internal path cannot contain the '%s' folder. You can create the share directly on the filesystem snapshot", filesystem.text("snapdir_name"))
	}
	switch ch.a.at(filesystem, inner) {
	case aFile:
		return conflict("SHARE_INTERNAL_PATH_NOT_DIR", "Internal path '%s' is not a directory within filesystem '%s'", inner, filesystem.name())
	case nothing: // what the message has of exports does not apply to shares
		return conflict("INTERNAL_PATH_DOES_NOT_EXIST", "Internal path '%s' does not exist within filesystem '%s'. FS_ID N/A, export ID N/A", inner, filesystem.name())
	}
	ch.after["inner_path"] = inner
	return nil
}

// shareStored gives a new share its first permission, and disconnects the clients of one that was disabled.
func shareStored(ch *change) {
	switch {
	case ch.isNew():
		ch.a.add(ch.a.make(ch.a.sharePermissions, map[string]any{"share_id": ch.after.id(), "sid": everyone, "access": "FULLCONTROL"}))
	case !ch.after.bool("enabled"):
		ch.a.disconnectUnshared(ch.a.holderOf(ch.after))
	}
}

// dropShare takes a share with its permissions out of the array, and disconnects its clients.
func (a *Array) dropShare(share Object) {
	for _, permission := range a.sharePermissions.where("share_id", share.id()) {
		a.remove(permission)
	}
	filesystem := a.holderOf(share)
	a.remove(share)
	a.disconnectUnshared(filesystem)
}
