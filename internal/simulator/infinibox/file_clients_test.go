package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// opened is what clients have open on the filesystem 1001: ann a file with locks and a lease in /t and one elsewhere, bob
// one, and somebody who is gone has left locks.
const opened = `, "smb_sessions": [
	{"user_name": "ann", "domain": "ad.example.com", "sid": "S-1-5-21-1-2-3-4", "signing": true, "files": [
		{"filesystem_id": 1001, "file_path": "/t/plan", "locks": 3, "lease": "RWH", "share_read": true},
		{"filesystem_id": 1001, "file_path": "/home/ann"}]},
	{"user_name": "bob", "files": [{"filesystem_id": 1001, "file_path": "/t/plan", "lease": "R", "lease_version": "V1"}]}],
	"smb_orphans": [{"filesystem_id": 1001, "file_path": "/t/old", "locks": 5}, {"filesystem_id": 1001, "file_path": "/home/x"}]`

// clients builds what windows does, with two shares of parts of it and what clients have open.
func clients(t *testing.T) *Simulator {
	t.Helper()
	s := windows(t, opened)
	must(t, s, "POST", "shares", values{"name": "t", "filesystem_id": 1001, "inner_path": "/t"})
	must(t, s, "POST", "shares", values{"name": "home", "filesystem_id": 1001, "inner_path": "/home"})
	return s
}

// locksOf lists the locks on a file of the filesystem 1001, or on all, as path, session and number.
func locksOf(t *testing.T, s *Simulator, query string) string {
	t.Helper()
	found := ""
	for _, item := range listed(t, s, "smb/filelocks?filesystem_id=eq:1001"+query) {
		o := item.(values)
		found += fmt.Sprintf("%v:%v:%v ", o["file_path"], o["session_id"], o["number_of_locks"])
	}
	return found
}

func TestFileClientFields(t *testing.T) {
	s := clients(t)
	if err := s.array.plant(Seed{SeedFileServices: SeedFileServices{NLMLocks: []SeedNLMLock{{FilesystemID: 1001, Path: "/a", Client: "a.example.com"}}}}); err != nil {
		t.Fatal(err)
	}
	documented := documentedFields(t, "fields_file_clients.json")
	answered := func(kind, path, body string) {
		t.Helper()
		checkFields(t, kind, documented[kind], call(t, s.array, http.MethodPost, path, body))
		delete(documented, kind)
	}
	answered("smb_locks_broken", "smb/filelocks/break_orphans", `{"filesystem_id":1001,"file_path":"/home"}`)
	answered("nlm_locks_broken", "nlm_locks/break", `{"client":"another"}`)
	removed := documented["nlm_locks_removed"]
	delete(documented, "nlm_locks_removed") // asked last, as it takes away the lock
	checkAnswers(t, s.array, documented, map[string][]string{
		"smb_session":   {"smb/sessions", "smb/sessions?session_id=10001"},
		"smb_handle":    {"smb/sessions/10001/handles", "smb/sessions/10001/handles/200001"},
		"smb_file_lock": {"smb/filelocks?filesystem_id=1001", "smb/filelocks?filesystem_id=1001&file_path=/t/old"},
		"smb_lease":     {"smb/leases?filesystem_id=1001&file_path=/t/plan"},
		"nlm_lock":      {"nlm_locks", "nlm_locks/7ffffffffffffffe"},
	})
	checkFields(t, "removed locks", removed, call(t, s.array, http.MethodPost, "nlm_locks/remove_orphan", ""))
}

func TestSessionsAreListedAndEnd(t *testing.T) {
	s := clients(t)
	expect(t, listed(t, s, "smb/sessions?user_name=ANN")[0].(values), values{
		"session_id": 10001, "domain": "ad.example.com", "num_opens": 2, "num_leases": 1, "signing": true, "encryption": false,
	})
	handles := listed(t, s, "smb/sessions/10001/handles")
	if len(handles) != 2 {
		t.Fatalf("%d handles", len(handles))
	}
	expect(t, handles[0].(values), values{"handle_id": 200001, "filesystem_name": "win", "file_path": "/t/plan", "session_id": 10001})
	expect(t, listed(t, s, "smb/leases?filesystem_id=1001&file_path=/t/plan")[0].(values), values{
		"lease_id": "6000001", "lease_type": "RWH", "lease_version": "V2", "user_name": "ann", "sid": "S-1-5-21-1-2-3-4", "handle_id": 200001,
	})
	if got := locksOf(t, s, ""); got != "/t/plan:10001:3 /t/old:-1:5 /home/x:-1:1 " {
		t.Errorf("locks %s", got)
	}
	expect(t, must(t, s, "DELETE", "smb/sessions/10001/handles/200001", nil), values{"file_path": "/t/plan"})
	expect(t, listed(t, s, "smb/sessions?session_id=10001")[0].(values), values{"num_opens": 1, "num_leases": 0})
	if got := locksOf(t, s, "&file_path=/t/plan"); got != "" {
		t.Errorf("locks of a closed file %s", got)
	}
	expect(t, must(t, s, "DELETE", "smb/sessions/10002", nil), values{"user_name": "bob", "num_opens": 1})
	if left := listed(t, s, "smb/leases?filesystem_id=1001&file_path=/t/plan"); len(left) != 0 {
		t.Errorf("leases %v", left)
	}
	expect(t, must(t, s, "POST", "smb/filelocks/break_orphans", values{"filesystem_id": 1001, "file_path": "/t"}), values{"locks_broken": 5})
	expect(t, must(t, s, "POST", "smb/filelocks/break_orphans", values{"filesystem_id": 1001}), values{"locks_broken": 1})
}

// TestClientsGoWithTheirAccess disables one share and deletes the other.
func TestClientsGoWithTheirAccess(t *testing.T) {
	s := clients(t)
	must(t, s, "PUT", "shares/1002", values{"enabled": false})
	if left := listed(t, s, "smb/sessions/10001/handles"); len(left) != 1 || left[0].(values)["file_path"] != "/home/ann" {
		t.Errorf("handles %v", left)
	}
	must(t, s, "DELETE", "shares/1003", nil)
	expect(t, listed(t, s, "smb/sessions?user_name=ann")[0].(values), values{"num_opens": 0})
	must(t, s, "DELETE", "shares/1002", nil)
	must(t, s, "DELETE", "filesystems/1001", nil)
	if n := len(s.array.smbLocks.objects); n != 0 {
		t.Errorf("%d locks of a deleted filesystem", n)
	}

	user := must(t, s, "POST", "smb_users", values{"name": "eve", "password": "Password1"})
	if err := s.array.plant(Seed{SeedFileServices: SeedFileServices{SMBSessions: []SeedSMBSession{{User: "eve", SID: user["sid"].(string)}}}}); err != nil {
		t.Fatal(err)
	}
	if connected := listed(t, s, "smb/sessions?user_name=eve"); len(connected) != 1 {
		t.Fatalf("%d sessions of eve", len(connected))
	}
	must(t, s, "PUT", fmt.Sprintf("smb_users/%v", user["id"]), values{"enabled": false})
	if left := listed(t, s, "smb/sessions?user_name=eve"); len(left) != 0 {
		t.Error("a disabled user is still connected")
	}
}

func TestNLMLocksAreBrokenAndOrphaned(t *testing.T) {
	s := shared(t)
	must(t, s, "POST", "exports", values{"export_path": "/t", "filesystem_id": 1001, "inner_path": "/t"}) // 4
	if err := s.array.plant(Seed{SeedFileServices: SeedFileServices{NLMLocks: []SeedNLMLock{
		{FilesystemID: 1001, Path: "/t/a", Client: "a.example.com"},
		{FilesystemID: 1001, Path: "/t/a", Client: "b.example.com", Waiting: true, Type: "shared", Owner: "7@b"},
		{FilesystemID: 1001, Path: "/t/b", Client: "10.0.0.1"},
		{FilesystemID: 1001, Path: "/t/c", Client: "gone.example.com", Orphan: true},
		{FilesystemID: 1001, Path: "/elsewhere", Client: "a.example.com"},
	}}}); err != nil {
		t.Fatal(err)
	}
	expect(t, must(t, s, "GET", "nlm_locks/7FFFFFFFFFFFFFFD", nil), values{
		"lock_id": "7ffffffffffffffd", "client": "b.example.com", "state": "WAITING", "lock_type": "shared", "owner": "7@b", "file_path_status": "AVAILABLE",
	})
	for query, want := range map[string]int{"client=a.example.com": 2, "filesystem_id=1001&file_path=/t/a": 2, "state=waiting": 1, "lock_id=7ffffffffffffffe": 1, "lock_id=1": 0} {
		if found := listed(t, s, "nlm_locks?"+query); len(found) != want {
			t.Errorf("%s finds %d", query, len(found))
		}
	}
	expect(t, must(t, s, "POST", "nlm_locks/remove_orphan", nil), values{"locks_removed": 2})
	expect(t, must(t, s, "POST", "nlm_locks/break", values{"lock_id": "7ffffffffffffffd"}), values{"locks_broken": 1})
	expect(t, must(t, s, "POST", "nlm_locks/break", values{"filesystem_id": 1001, "file_path": "/t/b", "client": "10.0.0.2"}), values{"locks_broken": 0})
	must(t, s, "PUT", "exports/4", values{"enabled": false})
	expect(t, must(t, s, "POST", "nlm_locks/remove_orphan", nil), values{"locks_removed": 2})
	expect(t, must(t, s, "POST", "nlm_locks/break", nil), values{"locks_broken": 0})
}

func TestWhatClientsHaveOpenIsDumped(t *testing.T) {
	s := clients(t)
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	again := Start(t, Options{Seed: dump.Bytes()})
	if one, other := locksOf(t, s, ""), locksOf(t, again, ""); one != other {
		t.Errorf("locks %s and %s", one, other)
	}
	expect(t, listed(t, again, "smb/sessions?session_id=10001")[0].(values), values{"user_name": "ann", "num_opens": 2})
	expect(t, listed(t, again, "smb/leases?filesystem_id=1001&file_path=/t/plan")[1].(values), values{"user_name": "bob", "lease_version": "V1"})
}

func TestClientsAreSeededWhereTheyCanBe(t *testing.T) {
	for _, part := range []string{
		`"smb_sessions": [{"user_name": "ann", "files": [{"filesystem_id": 7, "file_path": "/x"}]}]`,
		`"smb_orphans": [{"filesystem_id": 7, "file_path": "/x"}]`,
		`"nlm_locks": [{"filesystem_id": 7, "file_path": "/x"}]`,
	} {
		if _, err := New(Options{Seed: []byte("{" + part + "}")}); err == nil || !strings.Contains(err.Error(), "there is no filesystem 7") {
			t.Errorf("%s: %v", part, err)
		}
	}
}
