package infinibox

import (
	"fmt"
	"path"
	"strings"
)

// An export is a path under which NFS clients mount a filesystem, a snapshot of one, or a directory of either.

const (
	nfs3, nfs4         = "NFSv3", "NFSv4"
	leastTransfer      = 16384
	mostTransfer       = 16777216
	nfs4Authentication = "SYS"
)

func newExports() *collection {
	return newCollection(collection{
		path: "exports", noun: "Export", command: "GetAllExports", absent: "EXPORT_NOT_FOUND",
		key: "export_path", legal: checkExportPath, taken: "EXPORT_PATH_CONFLICT", takenText: "An export with this path already exists",
		in: "filesystem_id", minor: true, onePerUpdate: true,
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		prepare: prepareExport, full: exportsFull, checks: exportChecks, check: checkExport,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting export '%s' will cause all the clients mounted on this export to disconnect", o.name())
		},
		keeps: func(rq *request, o Object) error { return notSuspended(rq.a.holderOf(o)) },
	}, `
		id                       integer  filter sort
		export_path              text     filter sort required
		filesystem_id            integer  filter sort required
		inner_path               text     filter sort create  ="/"
		enabled                  boolean  filter sort create update  =true
		permissions              list     create update  =[{"access":"RW","no_root_squash":true,"client":"*"}]
		nfs_version              text(NFSv3|NFSv4)  filter sort create update  ="NFSv3"
		nfsv4_auth               text     filter sort create update null
		make_all_users_anonymous boolean  filter sort create update  =false
		anonymous_uid            integer  filter sort create update  =65534
		anonymous_gid            integer  filter sort create update  =65534
		privileged_port          boolean  filter sort create update  =true
		transport_protocols      text(TCP|UDP|TCP_UDP)  filter sort create update  ="TCP"
		character_encoding       text     filter sort  ="UTF-8"
		32bit_file_id            boolean  filter sort create update  =false
		snapdir_visible          boolean  filter sort create update  =true
		max_read                 integer  filter sort create update  =1048576
		max_write                integer  filter sort create update  =1048576
		pref_read                integer  filter sort create update  =65536
		pref_write               integer  filter sort create update  =65536
		pref_readdir             integer  filter sort create update  =65536
		tenant_id                integer
		created_at               integer  filter sort
		updated_at               integer  filter sort
	`)
}

// prepareExport forgives a name, which the vendor's CSI driver sends, and refuses an export of nothing.
func prepareExport(rq *request, body map[string]any) error {
	if !rq.creates() {
		return nil
	}
	delete(body, "name")
	if id, given := body["filesystem_id"]; given && id == nil {
		return badRequest("EXPORT_ILLEGAL_VALUE", "The value 'null' of 'filesystem_id' is illegal")
	}
	return nil
}

// checkExportPath lets the paths of exports be any that begin at a root.
func checkExportPath(name string) error {
	if !strings.HasPrefix(name, "/") {
		return errIllegalPath("export_path", name)
	}
	return nil
}

func errIllegalPath(field, value string) error {
	return badRequest("ILLEGAL_PATH_VALUE", "The value '%q' of '%s' is illegal", value, field)
}

func exportsFull(a *Array) error {
	if len(a.exports.objects) >= a.limits.Exports {
		return conflict("EXPORT_COUNT_LIMIT", "A new export cannot be created. The system has reached the maximum number of exports")
	}
	return nil
}

var exportChecks = map[string]func(ch *change) error{
	"permissions":   checkPermissions,
	"inner_path":    checkInnerPath,
	"max_read":      transferCheck("max_read"),
	"max_write":     transferCheck("max_write"),
	"pref_read":     transferCheck("pref_read"),
	"pref_write":    transferCheck("pref_write"),
	"pref_readdir":  transferCheck("pref_readdir"),
	"anonymous_uid": anonymousCheck("anonymous_uid"),
	"anonymous_gid": anonymousCheck("anonymous_gid"),
	"enabled": func(ch *change) error {
		if ch.isNew() || ch.after.bool("enabled") || !ch.before.bool("enabled") {
			return nil
		}
		return ch.rq.needApproval("Disabling export '%s' will cause all clients mounted on this export to disconnect", ch.before.name())
	},
	"nfs_version": func(ch *change) error {
		if !ch.isNew() && ch.before.bool("enabled") && ch.after["nfs_version"] != ch.before["nfs_version"] {
			return conflict("EXPORT_IS_ENABLED", "The operation is prohibited on an enabled export")
		}
		return nil
	},
}

// transferCheck checks one of the sizes, in bytes, that clients transfer at once.
func transferCheck(name string) func(ch *change) error {
	return func(ch *change) error {
		if v := ch.after.int(name); v < leastTransfer || v > mostTransfer {
			return badRequest("EXPORT_ILLEGAL_VALUE", "The value '%d' of '%s' is illegal. The value must be between %d and %d", v, name, leastTransfer, mostTransfer)
		}
		return nil
	}
}

func anonymousCheck(name string) func(ch *change) error {
	return func(ch *change) error {
		if v := ch.after.int(name); v < 0 {
			return errWrong(name, v, "must be greater than or equal to 0")
		}
		return nil
	}
}

// checkInnerPath lets directories be exported that are there.
func checkInnerPath(ch *change) error {
	inner, filesystem := ch.after.text("inner_path"), ch.a.holderOf(ch.after)
	if !strings.HasPrefix(inner, "/") {
		return errIllegalPath("inner_path", inner)
	}
	inner = path.Clean(inner)
	first, _, _ := strings.Cut(inner[1:], "/")
	switch {
	case first == filesystem.text("snapdir_name"):
		return conflict("EXPORTING_SNAPSHOT_DIRECTORY_NOT_ALLOWED", "Exporting an export through its parent filesystem is not allowed. Please export the snapshot directly")
	case ch.a.at(filesystem, inner) == nothing:
		return conflict("INTERNAL_PATH_DOES_NOT_EXIST", "Internal path '%s' does not exist within filesystem '%s'. FS_ID %d, export ID %d", inner, filesystem.name(), filesystem.id(), ch.a.lastMinorID+1)
	}
	ch.after["inner_path"] = inner
	return nil
}

// checkExport checks an export as it is going to be, against its filesystem.
func checkExport(ch *change) error {
	o, filesystem := ch.after, ch.a.holderOf(ch.after)
	if err := notSuspended(filesystem); err != nil {
		return err
	}
	if ch.isNew() {
		switch {
		case len(ch.a.exportsOf(filesystem)) >= ch.a.limits.FilesystemExports:
			return conflict("EXPORT_FILESYSTEM_COUNT_LIMIT", "A new export cannot be created. The filesystem has reached the maximum number of exports")
		case !filesystem.bool("_is_established"):
			return conflict("CANNOT_CREATE_EXPORT_FOR_UNESTABLISHED_SNAPSHOT", "Cannot create an export for an unestablished snapshot '%s'", filesystem.name())
		}
	}
	if err := checkProtocol(ch); err != nil {
		return err
	}
	switch inner := o.text("inner_path"); {
	case ch.a.at(filesystem, inner) == aFile:
		return conflict("INTERNAL_PATH_NOT_DIR", "Internal path '%s' is not a directory within filesystem '%s'", inner, filesystem.name())
	case o.bool("make_all_users_anonymous") && grantsRoot(o):
		return conflict("EXPORT_ROOT_ACCESS_CONFLICT", "Root permissions cannot be granted on an export with 'squash all users and groups'. Remove one of the two and try again")
	case o.bool("enabled") && isTarget(filesystem):
		return conflict("TARGET_REPLICA_EXPORT_NOT_ALLOWED", "A replica target cannot be exported")
	}
	return nil
}

// checkProtocol checks the version of NFS that an export speaks, and whether its filesystem is meant for NFS clients.
func checkProtocol(ch *change) error {
	o, filesystem := ch.after, ch.a.holderOf(ch.after)
	windows, shared, version4 := isWindows(filesystem), ch.a.isShared(filesystem), o["nfs_version"] == nfs4
	switch {
	case version4 && !ch.a.speaksNFS4():
		return conflict("NFS_PROTOCOL_VERSION_MISMATCH", "The protocol version %s specified does not match the system settings", nfs4)
	case version4 && windows:
		return conflict("NFSV4_EXPORT_AND_WINDOWS_FILESYSTEM_CONFLICT", "A WINDOWS security-style filesystem cannot have NFSv4 exports")
	case version4 && shared:
		return errNFS4AndSMB
	case windows && ch.isNew() && !shared:
		return conflict("SUSPICIOUS_FILESYSTEM_EXPORT", "A Windows security-style filesystem can only have NFS exports if it already has SMB shares. Either create an SMB share on this filesystem, or create the NFS exports on a UNIX security-style filesystem")
	case version4 && o.text("export_path") == "/":
		return conflict("INVALID_NFSV4_EXPORT_PATH", "The export path '%s' is invalid for NFSv4 exports", o.text("export_path"))
	case o["nfsv4_auth"] != nil && (!version4 || o["nfsv4_auth"] != nfs4Authentication):
		return conflict("NFSV4_AUTH_SCHEME_NOT_SUPPORTED", "The NFSv4 authentication scheme '%s' is not supported", o.text("nfsv4_auth"))
	}
	return nil
}
