package infinibox

import (
	"encoding/json"
	"slices"
	"strings"
)

// A TreeQ is a directory in the root of a filesystem, with limits to what it may hold: soft ones, which may be
// exceeded for a while, and hard ones.

const (
	longestPath = 255
	// An id of a TreeQ is made of its filesystem's number for NFS and its own within it, as in the reference's example.
	treeqShift = 48
	firstTreeQ = 32
)

func newTreeQs() *collection {
	return newCollection(collection{
		path: "treeqs", noun: "TreeQ", absent: "TREEQ_ID_DOES_NOT_EXIST", command: "GetAllTreeqs",
		in: "filesystem_id", nested: true, closed: closedToTreeQs,
		number:   func(a *Array, o Object) int { return a.nextTreeQ(a.holderOf(o)) },
		foreign:  func(Object) error { return notFound("TREEQ_ID_DOES_NOT_EXIST", "TreeQ not found") },
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		unknownFilter: errUnsupported,
		prepare:       prepareTreeQ, check: checkTreeQ,
		checks: map[string]func(ch *change) error{"name": checkTreeQName, "path": checkTreeQPath, "mode": checkTreeQMode},
		keeps:  func(rq *request, o Object) error { return rq.a.keepsTreeQ(o) },
	}, `
		id             integer  filter sort
		name           text     filter sort required update
		path           text     filter sort required
		filesystem_id  integer  filter sort
		soft_capacity  integer  filter sort create update null
		hard_capacity  integer  filter sort create update null
		soft_inodes    integer  filter sort create update null
		hard_inodes    integer  filter sort create update null
		used_capacity  integer  filter sort  =0
		used_inodes    integer  filter sort  =1
		capacity_state text(NONE|BELOW_SOFT|SOFT_EXCEEDED|HARD_EXCEEDED)  filter sort  ="BELOW_SOFT"
		inodes_state   text(NONE|BELOW_SOFT|SOFT_EXCEEDED|HARD_EXCEEDED)  filter sort  ="BELOW_SOFT"
		mode           text     create hidden
	`)
}

// closedToTreeQs refuses all that has to do with the TreeQs of a filesystem.
func closedToTreeQs(filesystem Object) error {
	if isTarget(filesystem) {
		return conflict("TREEQ_NOT_SUPPORTED", "TreeQ operations are not supported while the filesystem is a replication target")
	}
	return notSuspended(filesystem)
}

func (a *Array) treeqsOf(filesystem Object) []Object {
	return a.treeqs.where("filesystem_id", filesystem.id())
}

// nextTreeQ is the id of the next TreeQ of a filesystem.
func (a *Array) nextTreeQ(filesystem Object) int {
	next := max(filesystem.int(".treeqs"), firstTreeQ)
	filesystem[".treeqs"] = next + 1
	return treeqID(filesystem, next)
}

func treeqID(filesystem Object, number int) int {
	return filesystem.int("nfs_filesystem_id")<<treeqShift | number
}

// copyTreeQs gives a filesystem the TreeQs of another one, as they come along with its contents. Each keeps its number
// within the filesystem, so that what a restore brings back has the id that it had.
func (a *Array) copyTreeQs(from, to Object) {
	a.dropTreeQs(to)
	for _, treeq := range a.treeqsOf(from) {
		o := a.make(a.treeqs, treeq)
		o["filesystem_id"], o["id"] = to.id(), treeqID(to, treeq.id()&(1<<treeqShift-1))
		a.treeqs.keep(o)
	}
	to[".treeqs"] = max(to.int(".treeqs"), from.int(".treeqs"))
}

func (a *Array) dropTreeQs(filesystem Object) {
	for _, treeq := range a.treeqsOf(filesystem) {
		a.remove(treeq)
	}
}

// treeqLimits are the limits of a TreeQ.
var treeqLimits = []string{"soft_capacity", "hard_capacity", "soft_inodes", "hard_inodes"}

// prepareTreeQ refuses what is not for the table to say: no name, and a name together with limits.
func prepareTreeQ(rq *request, body map[string]any) error {
	name, named := body["name"]
	if named && name == nil {
		return badRequest("INVALID_CHARACTERS_IN_NAME", "Invalid characters in name 'null'")
	}
	if !named || rq.creates() {
		return nil
	}
	for _, limit := range treeqLimits {
		if _, limited := body[limit]; limited {
			return errTreeQValue("name", name, "Cannot update name together with limits")
		}
	}
	return nil
}

func errTreeQValue(name string, value any, reason string) error {
	shown, _ := json.Marshal(value)
	return conflict("TREEQ_ILLEGAL_VALUE", "The value '%s' of '%s' is illegal. %s", shown, name, reason)
}

func checkTreeQName(ch *change) error {
	name := ch.after.text("name")
	if err := checkName(name); err != nil {
		return err
	}
	filesystem := ch.a.holderOf(ch.after)
	for _, other := range ch.a.treeqsOf(filesystem) {
		if other.id() != ch.before.id() && strings.EqualFold(other.name(), name) {
			return conflict("TREEQ_NAME_ALREADY_EXISTS", "TreeQ name already exists in filesystem")
		}
	}
	if isWORM(filesystem) && !ch.isNew() {
		return conflict("TREEQ_WORM_FILESYSTEM", "Cannot rename a WORM Filesystem TreeQ")
	}
	return nil
}

func checkTreeQPath(ch *change) error {
	path, filesystem := ch.after.text("path"), ch.a.holderOf(ch.after)
	directory := strings.TrimPrefix(path, "/")
	switch {
	case len(path) > longestPath:
		return conflict("TREEQ_PATH_TOO_LONG", "TreeQ path is too long, maximum length is %d", longestPath)
	case len(path) < 2:
		return errTreeQValue("path", path, "TreeQ path is too short, minimum length is 2")
	case directory == path || directory == "." || directory == "..":
		return errTreeQPath
	case strings.Contains(directory, "/"):
		return conflict("TREEQ_PATH_NESTING", "TreeQ is only supported on the filesystem root folder")
	case directory == filesystem.text("snapdir_name"):
		return conflict("TREEQ_PATH_MISMATCH", "TreeQ path '%s' cannot be identical to the name of a filesystem snapshot directory", path)
	case ch.a.at(filesystem, path) != nothing:
		return errTreeQPath
	}
	return nil
}

var errTreeQPath = &apiError{"TREEQ_INVALID_PATH", 409, "Invalid TreeQ path"}

func checkTreeQMode(ch *change) error {
	if isWindows(ch.a.holderOf(ch.after)) {
		return conflict("INVALID_OPTION_FOR_TREEQ_CREATE", "'Mode' option is not available for TreeQs on WINDOWS security-style filesystems")
	}
	return nil
}

// checkTreeQ checks the limits as they are going to be.
func checkTreeQ(ch *change) error {
	if err := writable(ch.a.holderOf(ch.after)); err != nil {
		return err
	}
	for _, limits := range quotas {
		if err := limits.check(ch.after); err != nil {
			return err
		}
	}
	return nil
}

func writable(filesystem Object) error {
	if filesystem.bool("write_protected") {
		return conflict("TREEQ_FILESYSTEM_READ_ONLY", "Filesystem is write protected")
	}
	return nil
}

func (a *Array) keepsTreeQ(treeq Object) error {
	filesystem := a.holderOf(treeq)
	inside := func(path string) bool { return within(path, treeq.text("path")) }
	if slices.ContainsFunc(a.exportsOf(filesystem), func(export Object) bool { return inside(export.text("inner_path")) }) {
		return conflict("TREEQ_FILESYSTEM_HAS_EXPORTS", "The TreeQ '%s' cannot be deleted because it has active exports on filesystem '%s'", treeq.name(), filesystem.name())
	}
	if slices.ContainsFunc(a.sharesOf(filesystem), func(share Object) bool { return inside(rootFolder(share)) }) {
		return conflict("TREEQ_FILESYSTEM_HAS_SHARES", "The TreeQ '%s' cannot be deleted because it has active shares on filesystem '%s'", treeq.name(), filesystem.name())
	}
	return writable(filesystem)
}
