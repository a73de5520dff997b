package infinibox

import (
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Locks and leases of SMB clients are asked for by the file that they are on. A lock is an orphan when its client is
// gone without giving it up.

// orphaned stands for the session and the handle of an orphan.
const orphaned = -1

// ofSession are the fields that a lock or lease shows of its session.
var ofSession = map[string]func(a *Array, o Object) any{
	"user_name": sessionField("user_name"), "domain": sessionField("domain"), "sid": sessionField("sid"),
}

func sessionField(name string) func(a *Array, o Object) any {
	return func(a *Array, o Object) any { return a.smbSessions.objects[o.int("session_id")][name] }
}

func newSMBLocks() *collection {
	return ofClients(collection{
		path: "smb/filelocks", noun: "SMB file lock", command: "GetSmbFileLocks", key: "file_path", computed: ofSession,
	}, 1, `
		filesystem_id   integer  filter
		file_path       text     filter
		session_id      integer
		handle_id       integer
		number_of_locks integer
		share_read      boolean
		share_write     boolean
		share_delete    boolean
		user_name       text
		domain          text
		sid             text
		tenant_id       integer
	`)
}

func newSMBLeases() *collection {
	return ofClients(collection{
		path: "smb/leases", noun: "SMB lease", command: "GetSmbLeases", key: "file_path",
		computed: with(ofSession, map[string]func(a *Array, o Object) any{
			"lease_id": func(_ *Array, o Object) any { return strconv.Itoa(o.id()) },
		}),
	}, firstLease, `
		lease_id      text
		filesystem_id integer  filter
		file_path     text     filter
		session_id    integer
		handle_id     integer
		lease_type    text
		lease_version text
		user_name     text
		domain        text
		sid           text
		tenant_id     integer
	`)
}

func (a *Array) smbLockRoutes(r router) {
	r.list("/smb/filelocks", func(rq *request) (any, error) {
		if _, err := a.fileQuery(rq, a.smbLocks, "filesystem_id"); err != nil {
			return nil, err
		}
		return a.listAll(rq, a.smbLocks)
	})
	r.write(http.MethodPost, "/smb/filelocks/break_orphans", administrators, a.breakOrphans)
	r.list("/smb/leases", func(rq *request) (any, error) {
		asked, err := a.fileQuery(rq, a.smbLeases, "filesystem_id", "file_path")
		if err != nil {
			return nil, err
		}
		filesystem, file := a.filesystems.objects[asked["filesystem_id"].(int)], asked["file_path"].(string)
		switch {
		case !strings.HasPrefix(file, "/"):
			return nil, conflict("INVALID_FILE_PATH", "Invalid file path: '%s'", file)
		case a.at(filesystem, path.Clean(file)) == nothing:
			return nil, conflict("FILE_DOES_NOT_EXIST", "File '%s' does not exist in filesystem '%s'", file, filesystem.name())
		}
		return a.listAll(rq, a.smbLeases)
	})
}

// fileQuery reads which file a query is about.
func (a *Array) fileQuery(rq *request, c *collection, required ...string) (map[string]any, error) {
	conditions, err := c.conditions(rq.query, nil)
	if err != nil {
		return nil, err
	}
	asked := map[string]any{}
	for _, condition := range conditions {
		asked[condition.field.name] = condition.values[0]
	}
	for _, name := range required {
		if asked[name] == nil {
			return nil, badRequest("MISSING_QUERY_PARAMETER", "A query parameter ('%s') is missing in the request", name)
		}
	}
	_, err = a.filesystems.find(asked["filesystem_id"].(int))
	return asked, err
}

// breakOrphans takes away the locks that clients have left on a file, or on all files below a directory.
func (a *Array) breakOrphans(rq *request) (any, error) {
	body, err := rq.onlyFields("filesystem_id", "file_path")
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "filesystem_id")
	if err != nil {
		return nil, err
	}
	filesystem, err := a.filesystems.find(id)
	if err != nil {
		return nil, err
	}
	below := "/"
	if given, asked := body["file_path"]; asked {
		text, ok := given.(string)
		if !ok {
			return nil, errField("file_path")
		}
		below = path.Clean(text)
	}
	if err := rq.needApproval("Breaking locks on a file may cause clients to lose data"); err != nil {
		return nil, err
	}
	broken := 0
	for _, lock := range a.smbLocks.where("filesystem_id", filesystem.id()) {
		if lock.int("session_id") == orphaned && within(lock.text("file_path"), below) {
			broken += lock.int("number_of_locks")
			a.remove(lock)
		}
	}
	return map[string]any{"locks_broken": broken}, nil
}

// plantOrphan leaves the locks of a client that is gone.
func (a *Array) plantOrphan(f SeedOpenFile) error {
	f.Path = path.Clean(f.Path)
	if err := a.plantFile(SeedFile{FilesystemID: f.FilesystemID, Path: f.Path}); err != nil {
		return err
	}
	a.add(a.make(a.smbLocks, map[string]any{
		"session_id": orphaned, "handle_id": orphaned, "filesystem_id": f.FilesystemID, "file_path": f.Path, "number_of_locks": max(f.Locks, 1),
	}))
	return nil
}
