package infinibox

import (
	"fmt"
	"slices"
	"strings"
)

const defaultSnapdir = ".snapshot"

func newFilesystems() *collection {
	return newDatasets(collection{
		path: "filesystems", noun: "Filesystem", command: "GetAllFilesystemsFiltered",
		absent: "FILESYSTEM_NOT_FOUND", taken: "FILESYSTEM_NAME_CONFLICT",
		metadata: "filesystem", search: "filesystem", policies: "FILESYSTEM", qos: "FILESYSTEM",
		parameters: append([]string{"show_worm_max_retention"}, histogram...), noNull: errNull,
		fill: fillFilesystem, full: filesystemsFull, checks: filesystemChecks, check: checkFilesystem,
		danger: func(o Object) string {
			return fmt.Sprintf("The %s '%s' will be deleted. The data that is stored on the %s will be lost with no way to recover it", kindOf(o), o.name(), kindOf(o))
		},
		computed: map[string]func(a *Array, o Object) any{
			"mapped":             func(a *Array, o Object) any { return a.isExported(o) || a.isShared(o) },
			"data":               func(_ *Array, o Object) any { return o.id() },
			"visible_in_snapdir": func(_ *Array, o Object) any { return isSnapshot(o) },
			"modified":           func(_ *Array, o Object) any { return !isSnapshot(o) || !o.bool("write_protected") },
		},
	}, `
		dataset_type           text(VOLUME|FILESYSTEM)  filter sort  ="FILESYSTEM"
		data                   integer
		nfs_filesystem_id      integer  filter sort
		security_style         text(UNIX|WINDOWS)  filter sort create  ="UNIX"
		posix_file_ownership   boolean  filter sort create
		atime_mode             text(NOATIME|RELATIME)  filter sort create  ="NOATIME"
		atime_granularity      integer  filter sort create update  =0
		root_mode              text     create hidden
		snapdir_name           text     filter sort create  =".snapshot"
		snapdir_accessible     boolean  filter sort create  =true
		visible_in_snapdir     boolean  filter sort
		used_capacity_warning  integer  filter sort create update  =100
		used_capacity_critical integer  filter sort create update  =100
		suspend_state          text(NONE|DROP)  filter sort update  ="NONE"
		modified               boolean
		is_consistent          boolean  filter sort  =true
		_is_established        boolean  filter sort  =true
		worm_level             text(NONE|ENTERPRISE|COMPLIANCE)  filter sort create  ="NONE"
		worm_default_retention integer  filter sort create update
		worm_max_retention     integer
		worm_legal_hold        boolean  filter sort update null
	`)
}

func errNull(name string) error {
	return badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('%s')", name)
}

func (a *Array) filesystemRoutes(r router) {
	a.datasetRoutes(r, a.filesystems)
	r.list("/filesystems", func(rq *request) (any, error) {
		result, err := a.listAll(rq, a.filesystems)
		if shown, _ := toBool(rq.query.Get("show_worm_max_retention")); err == nil && shown {
			showMaxRetention(result.(*listing))
		}
		return result, err
	})
	r.serve(a, a.treeqs)
	r.serve(a, a.exports)
}

// inherited are the fields that a snapshot has from the filesystem that it is taken of.
var inherited = []string{
	"security_style", "posix_file_ownership", "atime_mode", "atime_granularity", "snapdir_name", "snapdir_accessible",
	"used_capacity_warning", "used_capacity_critical", "_is_established",
}

// fillFilesystem gives a new filesystem the thresholds of its pool, and what its security style brings along.
func fillFilesystem(ch *change) {
	if !ch.isNew() {
		if ch.values["write_protected"] == false {
			ch.after["_is_established"] = true
		}
		return
	}
	pool := ch.a.poolOf(ch.after)
	for name, from := range map[string]string{
		"used_capacity_warning": "fs_used_default_warning", "used_capacity_critical": "fs_used_default_critical",
	} {
		if !ch.sets(name) {
			ch.after[name] = pool[from]
		}
	}
	if isWindows(ch.after) && !ch.sets("posix_file_ownership") {
		ch.after["posix_file_ownership"] = false
	}
	if isWORM(ch.after) {
		ch.after["worm_legal_hold"] = false
		if !ch.sets("worm_default_retention") {
			ch.after["worm_default_retention"] = leastWORM
		}
	}
}

// nextNFSID numbers filesystems for NFS clients.
func (a *Array) nextNFSID() int {
	a.lastNFSID++
	return a.lastNFSID
}

func filesystemsFull(a *Array) error {
	families := 0
	for _, o := range a.filesystems.objects {
		if !isSnapshot(o) {
			families++
		}
	}
	if families >= a.limits.FilesystemFamilies {
		return conflict("FILESYSTEM_FAMILY_COUNT_LIMIT", "A new filesystem family cannot be created. The system has reached the maximum number of filesystem families")
	}
	return a.checkFilesystemCount()
}

func (a *Array) checkFilesystemCount() error {
	if len(a.filesystems.objects) >= a.limits.Filesystems {
		return conflict("FILESYSTEM_COUNT_LIMIT", "A new filesystem cannot be created. The system has reached the maximum number of filesystems")
	}
	return nil
}

// checkFilesystem checks a filesystem as it is going to be.
func checkFilesystem(ch *change) error {
	o := ch.after
	resumes := ch.sets("suspend_state") && len(ch.values) == 1
	if !ch.isNew() && !resumes {
		if err := notSuspended(ch.before); err != nil {
			return err
		}
	}
	if err := checkSnapdir(o.name(), o); err != nil {
		return err
	}
	// Thresholds of 100 are never passed: then there is nothing to be in order.
	if warning, critical := o.int("used_capacity_warning"), o.int("used_capacity_critical"); warning != 100 || critical != 100 {
		return inOrder(warning, critical)
	}
	return nil
}

// checkSnapdir refuses a name that would hide the snapshots of a filesystem.
func checkSnapdir(name string, filesystem Object) error {
	if strings.EqualFold(name, filesystem.text("snapdir_name")) || strings.EqualFold(name, defaultSnapdir) {
		return conflict("FILESYSTEM_NAME_EQUALS_TO_SNAPDIR", "Filesystem name '%s' cannot be identical to the name of the filesystem's snapshot directory or to the default snapshot directory name", name)
	}
	return nil
}

func isSuspended(filesystem Object) bool {
	return isFilesystem(filesystem) && filesystem["suspend_state"] != "NONE"
}

// notSuspended refuses what cannot be done to a suspended filesystem; volumes never are.
func notSuspended(filesystem Object) error {
	if isSuspended(filesystem) {
		return conflict("FILESYSTEM_IS_SUSPENDED", "The operation cannot be performed as the filesystem is suspended ('%s')", filesystem.name())
	}
	return nil
}

// isWindows tells whether the files of a filesystem have ACLs as Windows knows them, rather than modes.
func isWindows(filesystem Object) bool { return filesystem["security_style"] == "WINDOWS" }

// exportsOf are the exports of a filesystem or of a snapshot.
func (a *Array) exportsOf(filesystem Object) []Object {
	return a.exports.where("filesystem_id", filesystem.id())
}

func (a *Array) isExported(filesystem Object) bool { return len(a.exportsOf(filesystem)) > 0 }

// checkFilesystemUse refuses to delete what is exported or shared, or what WORM keeps.
func (a *Array) checkFilesystemUse(o Object, descendants []Object) error {
	switch {
	case a.isExported(o):
		return conflict("FILESYSTEM_HAS_EXPORT", "The filesystem cannot be deleted. Filesystem '%s' has active export(s)", o.name())
	case slices.ContainsFunc(descendants, a.isExported):
		return conflict("CHILD_FILESYSTEMS_HAVE_EXPORTS", "The filesystem '%s' cannot be deleted. One or more of its children have active export(s)", o.name())
	case a.isShared(o):
		return conflict("FILESYSTEM_HAS_SHARES", "The filesystem '%s' cannot be deleted because it has active shares", o.name())
	case slices.ContainsFunc(descendants, a.isShared):
		return conflict("CHILD_FILESYSTEMS_HAVE_SHARES", "The filesystem '%s' cannot be deleted because one or more of its children have active shares", o.name())
	case isWORM(o) && isSuspended(o):
		return conflict("FILESYSTEM_WORM_SUSPENDED", "Cannot delete a suspended WORM filesystem")
	case o.bool("worm_legal_hold"):
		return conflict("FILESYSTEM_WORM_LEGAL_HOLD_ENABLED", "Cannot delete a WORM filesystem under legal hold")
	case a.hasLockedFiles(o):
		return conflict("FILESYSTEM_WORM_LOCKED_FILES", "Cannot delete a WORM filesystem that has locked files")
	}
	return nil
}
