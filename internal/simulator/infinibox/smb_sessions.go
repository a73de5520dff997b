package infinibox

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// What SMB clients have open: their sessions, the handles of each on files, and the locks and leases of these. Clients
// make them, and so only a seed does here. They go with what gave access to the files.

const (
	firstSession = 10001
	firstHandle  = 200001
	firstLease   = 6000001
)

// SeedSMBSession is a client that is connected.
type SeedSMBSession struct {
	User       string         `json:"user_name"`
	Domain     string         `json:"domain,omitempty"`
	SID        string         `json:"sid,omitempty"`
	Signing    bool           `json:"signing,omitempty"`
	Encryption bool           `json:"encryption,omitempty"`
	Files      []SeedOpenFile `json:"files,omitempty"`
}

// SeedOpenFile is a file that a client has open, or, with no session, one that a client that is gone has locked.
type SeedOpenFile struct {
	FilesystemID int    `json:"filesystem_id"`
	Path         string `json:"file_path"`
	Locks        int    `json:"locks,omitempty"`         // number of byte ranges
	Lease        string `json:"lease,omitempty"`         // R, RH, RW or RWH
	LeaseVersion string `json:"lease_version,omitempty"` // V2 when empty
	ShareRead    bool   `json:"share_read,omitempty"`    // what others may do meanwhile
	ShareWrite   bool   `json:"share_write,omitempty"`
	ShareDelete  bool   `json:"share_delete,omitempty"`
}

func newSMBSessions() *collection {
	counted := func(of func(a *Array) *collection) func(a *Array, o Object) any {
		return func(a *Array, o Object) any { return len(of(a).where("session_id", o.id())) }
	}
	return ofClients(collection{
		path: "smb/sessions", noun: "SMB session", command: "GetSmbSessions", key: "user_name",
		computed: map[string]func(a *Array, o Object) any{
			"num_opens":  counted(func(a *Array) *collection { return a.smbHandles }),
			"num_leases": counted(func(a *Array) *collection { return a.smbLeases }),
			"session_id": ownNumber,
		},
	}, firstSession, `
		session_id            integer  filter
		user_name             text     filter
		domain                text     filter
		sid                   text     filter
		signing               boolean
		encryption            boolean
		num_opens             integer
		num_leases            integer
		login_timestamp       integer
		last_action_timestamp integer
		tenant_id             integer
	`)
}

func newSMBHandles() *collection {
	return ofClients(collection{
		path: "smb/handles", noun: "SMB handle", command: "GetSmbHandles", key: "file_path",
		computed: map[string]func(a *Array, o Object) any{
			"handle_id":       ownNumber,
			"filesystem_name": func(a *Array, o Object) any { return nameOf(a.filesystems.objects[o.int("filesystem_id")]) },
		},
	}, firstHandle, `
		handle_id         integer
		session_id        integer
		filesystem_name   text
		file_path         text
		created_timestamp integer
		user_name         text
		sid               text
		tenant_id         integer
	`)
}

// ofClients is a collection of what clients make, which is queried in the order of its numbers alone.
func ofClients(c collection, first int, table string) *collection {
	c.unknownFilter, c.unknownSort, c.onlyOperators = errUnsupported, errUnsupported, []string{"EQ"}
	c.number = func(_ *Array, o Object) int {
		number := first
		for known := range o.of().objects {
			number = max(number, known+1)
		}
		return number
	}
	return newCollection(c, table)
}

// ownNumber is for a field that has another name than id.
func ownNumber(_ *Array, o Object) any { return o.id() }

func (a *Array) smbSessionRoutes(r router) {
	const one = "/smb/sessions/{id}"
	r.list("/smb/sessions", a.listSMBSessions)
	r.write(http.MethodDelete, one, administrators, a.disconnect)
	r.list(one+"/handles", func(rq *request) (any, error) {
		session, err := a.smbSession(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.query(a.smbHandles, a.smbHandles.where("session_id", session.id()), rq.query)
	})
	r.read(one+"/handles/{handle_id}", func(rq *request) (any, error) {
		handle, err := a.smbHandle(rq)
		if err != nil {
			return nil, err
		}
		return a.render(handle, pluck(rq.query)), nil
	})
	r.write(http.MethodDelete, one+"/handles/{handle_id}", administrators, a.closeSMBHandle)
}

// smbSession finds a session; the reference has a code of its own for one that is not there.
func (a *Array) smbSession(id string) (Object, error) {
	number, err := strconv.Atoi(id)
	if err != nil {
		return nil, errMalformedID
	}
	if o := a.smbSessions.objects[number]; o != nil {
		return o, nil
	}
	return nil, conflict("SMB_COMMAND_FAILED_NO_SUCH_SESSION", "The requested command failed. Session '%d' was not found", number)
}

// smbHandle finds the handle of the path.
func (a *Array) smbHandle(rq *request) (Object, error) {
	session, err := a.smbSession(rq.path[0])
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(rq.path[1])
	if err != nil {
		return nil, errMalformedID
	}
	if o := a.smbHandles.objects[number]; o != nil && o.int("session_id") == session.id() {
		return o, nil
	}
	return nil, conflict("SMB_COMMAND_FAILED_NO_SUCH_HANDLE", "The requested command failed. Handle '%d' was not found in session '%d'", number, session.id())
}

func (a *Array) listSMBSessions(rq *request) (any, error) {
	conditions, err := a.smbSessions.conditions(rq.query, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range conditions {
		if id, ok := c.values[0].(int); ok && c.field.name == "session_id" {
			if _, err := a.smbSession(strconv.Itoa(id)); err != nil {
				return nil, err
			}
		}
	}
	return a.listAll(rq, a.smbSessions)
}

func (a *Array) disconnect(rq *request) (any, error) {
	session, err := a.smbSession(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Disconnecting an SMB session may cause the client to lose data"); err != nil {
		return nil, err
	}
	answer := a.render(session, nil)
	a.dropSession(session)
	return answer, nil
}

func (a *Array) closeSMBHandle(rq *request) (any, error) {
	handle, err := a.smbHandle(rq)
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Closing a file handle while an application is using it may cause clients to lose data"); err != nil {
		return nil, err
	}
	answer := a.render(handle, nil)
	a.dropHandle(handle)
	return answer, nil
}

// dropSessionsOf disconnects the clients of a user or of a domain.
func (a *Array) dropSessionsOf(field, value string) {
	for _, session := range a.smbSessions.all() {
		if strings.EqualFold(session.text(field), value) {
			a.dropSession(session)
		}
	}
}

func (a *Array) dropSession(session Object) {
	for _, handle := range a.smbHandles.where("session_id", session.id()) {
		a.dropHandle(handle)
	}
	a.remove(session)
}

// dropHandle closes a file, which gives up its locks and leases.
func (a *Array) dropHandle(handle Object) {
	for _, c := range []*collection{a.smbLocks, a.smbLeases} {
		for _, o := range c.where("handle_id", handle.id()) {
			a.remove(o)
		}
	}
	a.remove(handle)
}

// disconnectUnshared closes what SMB clients have open on a filesystem that no enabled share gives access to any more.
func (a *Array) disconnectUnshared(filesystem Object) {
	shares := a.sharesOf(filesystem)
	for _, handle := range a.smbHandles.where("filesystem_id", filesystem.id()) {
		reached := false
		for _, share := range shares {
			reached = reached || share.bool("enabled") && within(handle.text("file_path"), rootFolder(share))
		}
		if !reached {
			a.dropHandle(handle)
		}
	}
}

// dropClientState forgets what clients had of a filesystem that is deleted.
func (a *Array) dropClientState(filesystem Object) {
	for _, c := range []*collection{a.smbHandles, a.smbLocks, a.smbLeases, a.nlmLocks} {
		for _, o := range c.where("filesystem_id", filesystem.id()) {
			a.remove(o)
		}
	}
}

func (a *Array) plantSession(s SeedSMBSession) error {
	now := a.now()
	session := a.make(a.smbSessions, map[string]any{
		"user_name": s.User, "domain": orNull(s.Domain), "sid": orNull(s.SID), "signing": s.Signing, "encryption": s.Encryption,
		"login_timestamp": now, "last_action_timestamp": now,
	})
	a.add(session)
	return plantAll(s.Files, func(f SeedOpenFile) error { return a.plantOpenFile(session, f) })
}

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// plantOpenFile opens a file for a session, with its locks and its lease.
func (a *Array) plantOpenFile(session Object, f SeedOpenFile) error {
	f.Path = path.Clean(f.Path)
	if filesystem := a.filesystems.objects[f.FilesystemID]; filesystem == nil || a.at(filesystem, f.Path) == nothing {
		if err := a.plantFile(SeedFile{FilesystemID: f.FilesystemID, Path: f.Path}); err != nil {
			return fmt.Errorf("opened by %s: %w", session.name(), err)
		}
	}
	place := map[string]any{"session_id": session.id(), "filesystem_id": f.FilesystemID, "file_path": f.Path}
	handle := a.make(a.smbHandles, with(place, map[string]any{"created_timestamp": a.now()}))
	a.add(handle)
	place["handle_id"] = handle.id()
	if f.Locks > 0 {
		a.add(a.make(a.smbLocks, with(place, map[string]any{
			"number_of_locks": f.Locks, "share_read": f.ShareRead, "share_write": f.ShareWrite, "share_delete": f.ShareDelete,
		})))
	}
	if f.Lease != "" {
		version := f.LeaseVersion
		if version == "" {
			version = "V2"
		}
		a.add(a.make(a.smbLeases, with(place, map[string]any{"lease_type": f.Lease, "lease_version": version})))
	}
	return nil
}
