package infinibox

import (
	"fmt"
	"net/http"
	"net/netip"
	"path"
	"strconv"
	"strings"
)

// NLM locks are those of NFSv3 clients. A lock is an orphan when its client is gone, or when no export gives access to
// its file any more.

const (
	highestNLMLock = 1<<63 - 1 // ids count down from it
	unavailable    = "UNAVAILABLE"
)

// SeedNLMLock is a lock of an NFS client.
type SeedNLMLock struct {
	FilesystemID int    `json:"filesystem_id"`
	Path         string `json:"file_path"`
	Client       string `json:"client"`
	Owner        string `json:"owner,omitempty"`     // "1@" and the client when empty
	Type         string `json:"lock_type,omitempty"` // shared, or exclusive when empty
	Waiting      bool   `json:"waiting,omitempty"`   // for another lock; else it is granted
	Offset       int    `json:"offset,omitempty"`
	Length       int    `json:"length,omitempty"`
	Unavailable  bool   `json:"unavailable,omitempty"` // its path cannot be told
	Orphan       bool   `json:"orphan,omitempty"`      // its client is gone
}

func newNLMLocks() *collection {
	c := ofClients(collection{
		path: "nlm_locks", noun: "NLM lock", command: "GetAllNlmLocks", key: "lock_id",
		computed: map[string]func(a *Array, o Object) any{
			"lock_id": func(_ *Array, o Object) any { return nlmLockID(o) },
		},
	}, 1, `
		lock_id          text     filter
		filesystem_id    integer  filter
		file_path        text     filter
		file_path_status text
		client           text     filter sort
		state            text(GRANTED|WAITING)  filter sort
		lock_type        text
		offset           integer
		length           integer
		owner            text
		granted_at       integer  sort
		tenant_id        integer
	`)
	c.unknownSort = nil // unlike other state of clients, it can be sorted
	return c
}

func nlmLockID(lock Object) string { return strconv.FormatInt(highestNLMLock-int64(lock.id()), 16) }

func (a *Array) nlmRoutes(r router) {
	const base = "/nlm_locks"
	r.list(base, func(rq *request) (any, error) {
		conditions, err := a.nlmLocks.conditions(rq.query, nil)
		if err != nil {
			return nil, err
		}
		asked := map[string]any{}
		for _, condition := range conditions {
			asked[condition.field.name] = condition.values[0]
		}
		if err := a.checkLockQuery(asked); err != nil {
			return nil, err
		}
		return a.listAll(rq, a.nlmLocks)
	})
	r.read(base+"/{id}", func(rq *request) (any, error) {
		lock, err := a.nlmLock(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(lock, pluck(rq.query)), nil
	})
	r.write(http.MethodPost, base+"/break", administrators, a.breakNLMLocks)
	r.write(http.MethodPost, base+"/remove_orphan", administrators, a.removeNLMOrphans)
}

func (a *Array) nlmLock(id string) (Object, error) {
	for _, lock := range a.nlmLocks.objects {
		if strings.EqualFold(nlmLockID(lock), id) {
			return lock, nil
		}
	}
	return nil, notFound("NLM_LOCK_DOES_NOT_EXIST", "NLM Lock %s does not exist", id)
}

// checkLockQuery checks by what locks are looked for.
func (a *Array) checkLockQuery(asked map[string]any) error {
	if id, ok := asked["lock_id"].(string); ok {
		if _, err := strconv.ParseUint(id, 16, 64); err != nil {
			return badRequest("NLM_INVALID_LOCK_ID", "Invalid Lock ID")
		}
		if len(asked) > 1 {
			return conflict("LOCK_ALREADY_IDENTIFIED", "Whenever the Lock ID is specified there is no need to specify other attributes")
		}
	}
	if client, ok := asked["client"].(string); ok && !isClientName(client) {
		return badRequest("INVALID_IP_ADDRESS", "IP address '%s' is invalid.", client)
	}
	filesystem, given := asked["filesystem_id"].(int)
	if given {
		if _, err := a.filesystems.find(filesystem); err != nil {
			return err
		}
	}
	file, ok := asked["file_path"].(string)
	switch {
	case !ok:
		return nil
	case !given:
		return conflict("NLM_LOCK_QUERY_FILE_PATH_WITHOUT_FILESYSTEM", "Using the file_path option requires specifying the filesystem name as well")
	case !strings.HasPrefix(file, "/"):
		return badRequest("NLM_LOCK_PATH_INVALID", "Invalid lock file path")
	}
	for _, lock := range a.nlmLocks.where("filesystem_id", filesystem) {
		if lock.text("file_path") == file && lock["file_path_status"] == unavailable {
			return conflict("NLM_LOCK_PATH_UNAVAILABLE", "The lock file path is unavailable")
		}
	}
	return nil
}

// isClientName takes names and addresses of clients; what has digits and dots alone is meant for an address.
func isClientName(client string) bool {
	if strings.Trim(client, "0123456789.") != "" && !strings.Contains(client, ":") {
		return true
	}
	_, err := netip.ParseAddr(client)
	return err == nil
}

// breakNLMLocks breaks the locks that a request describes; with no description all there are.
func (a *Array) breakNLMLocks(rq *request) (any, error) {
	body, err := rq.onlyFields("lock_id", "filesystem_id", "file_path", "client")
	if err != nil {
		return nil, err
	}
	asked := map[string]any{}
	for _, name := range sortedKeys(body) {
		if asked[name], err = a.nlmLocks.byName[name].convert(body[name]); err != nil {
			return nil, err
		}
	}
	if err := a.checkLockQuery(asked); err != nil {
		return nil, err
	}
	if id, ok := asked["lock_id"].(string); ok {
		if _, err := a.nlmLock(id); err != nil {
			return nil, err
		}
	}
	if err := rq.needApproval("Manually breaking a lock may disrupt the application relying on that lock, and may lead to the application suffering data corruption"); err != nil {
		return nil, err
	}
	return map[string]any{"locks_broken": a.dropNLMLocks(func(lock Object) bool {
		for name, value := range asked {
			if a.nlmLocks.byName[name].compare(a.value(lock, name), value) != 0 {
				return false
			}
		}
		return true
	})}, nil
}

func (a *Array) removeNLMOrphans(rq *request) (any, error) {
	if err := rq.needApproval("Manually removing locks may disrupt the application relying on that lock, and may lead to the application suffering data corruption"); err != nil {
		return nil, err
	}
	return map[string]any{"locks_removed": a.dropNLMLocks(a.isNLMOrphan)}, nil
}

// dropNLMLocks takes locks away, and tells how many.
func (a *Array) dropNLMLocks(which func(lock Object) bool) int {
	dropped := 0
	for _, lock := range a.nlmLocks.all() {
		if which(lock) {
			a.remove(lock)
			dropped++
		}
	}
	return dropped
}

func (a *Array) isNLMOrphan(lock Object) bool {
	if lock.bool(".orphan") {
		return true
	}
	for _, export := range a.exports.where("filesystem_id", lock.int("filesystem_id")) {
		if export.bool("enabled") && within(lock.text("file_path"), export.text("inner_path")) {
			return false
		}
	}
	return true
}

func (a *Array) plantNLMLock(l SeedNLMLock) error {
	if a.filesystems.objects[l.FilesystemID] == nil {
		return fmt.Errorf("NLM lock of %s: there is no filesystem %d", l.Path, l.FilesystemID)
	}
	values := map[string]any{
		"filesystem_id": l.FilesystemID, "file_path": path.Clean(l.Path), "file_path_status": "AVAILABLE", "client": l.Client,
		"state": "GRANTED", "lock_type": "exclusive", "offset": l.Offset, "length": l.Length, "owner": "1@" + l.Client,
		"granted_at": a.now(), ".orphan": l.Orphan,
	}
	for name, given := range map[string]string{"owner": l.Owner, "lock_type": l.Type} {
		if given != "" {
			values[name] = given
		}
	}
	if l.Unavailable {
		values["file_path_status"] = unavailable
	}
	if l.Waiting {
		values["state"] = "WAITING"
	}
	a.add(a.make(a.nlmLocks, values))
	return nil
}
