package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// clients are an array in a domain with a filesystem (1001), at which ann (session 10001)
// has two files open and bob (10002) one. Others have left locks behind, over SMB and NFS.
const clients = `{
	"active_directory": [{"domain": "ad.example.com", "username": "Administrator", "password": "` + domainPassword + `", "users": [
		{"username": "ann", "name": "Ann Smith", "sid": "S-1-5-21-1-2-3-1104", "gsid": "S-1-5-21-1-2-3-513", "uid": 3456, "gid": 5432}
	]}],
	"requests": [
		{"method": "POST", "path": "pools", "body": {"name": "nas", "physical_capacity": 1000000000000}},
		{"method": "POST", "path": "filesystems", "body": {"name": "home", "pool_id": 1000, "size": 1000000000}},
		{"method": "POST", "path": "exports", "body": {"filesystem_id": 1001, "export_path": "/home", "inner_path": "/"}},
		{"method": "POST", "path": "activedirectory/domains", "body": {"domain": "ad.example.com", "username": "Administrator", "password": "` + domainPassword + `", "preferred_ips": ["192.0.2.10"]}}
	],
	"smb_sessions": [
		{"user_name": "ann", "domain": "ad.example.com", "encryption": true, "files": [
			{"filesystem_id": 1001, "file_path": "/plan.xlsx", "locks": 2, "lease": "RW"}, {"filesystem_id": 1001, "file_path": "/notes.txt"}
		]},
		{"user_name": "bob", "files": [{"filesystem_id": 1001, "file_path": "/plan.xlsx", "locks": 1}]}
	],
	"smb_orphans": [{"filesystem_id": 1001, "file_path": "/old/a", "locks": 3}, {"filesystem_id": 1001, "file_path": "/older", "locks": 1}],
	"nlm_locks": [
		{"filesystem_id": 1001, "file_path": "/db/a", "client": "app1.example.com"},
		{"filesystem_id": 1001, "file_path": "/db/a", "client": "app2.example.com", "waiting": true},
		{"filesystem_id": 1001, "file_path": "/db/b", "client": "app3.example.com", "orphan": true}
	]
}`

const firstNLMLock = "7ffffffffffffffe"

func withClients(t *testing.T) *acctest.InfiniBox {
	t.Helper()
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(clients)})
}

// questionsOfClients are put to an array that has these clients.
func questionsOfClients() []acctest.Question {
	of := func(more acctest.Attrs) acctest.Attrs { return acctest.Attrs{"filesystem_id": 1001}.With(more) }
	return []acctest.Question{
		{Source: "active_directory_domain", Finds: "[it.domain, it.preferred_ips, it.unix_services_enabled, it.uid_attribute_name]", Want: `["ad.example.com",["192.0.2.10"],false,null]`},
		{Source: "active_directory_user", Arguments: acctest.Attrs{"username": "ann"}, Finds: "[it.sid, it.uid, it.name]", Want: `["S-1-5-21-1-2-3-1104",3456,"Ann Smith"]`},
		{Source: "active_directory_user", Arguments: acctest.Attrs{"sid": "S-1-5-21-1-2-3-1104"}, Finds: "it.username", Want: "ann@ad.example.com"},
		{Source: "active_directory_user", Arguments: acctest.Attrs{"uid": 3456}, Finds: "[it.gsid, it.gid]", Want: `["S-1-5-21-1-2-3-513",5432]`},
		{Source: "smb_sessions", Finds: "[for s in it.sessions : [s.session_id, s.user_name, s.domain, s.num_opens]]", Want: `[[10001,"ann","ad.example.com",2],[10002,"bob",null,1]]`},
		{Source: "smb_sessions", Arguments: acctest.Attrs{"session_id": 10002}, Finds: "it.sessions[*].user_name", Want: `["bob"]`},
		{Source: "smb_handles", Arguments: acctest.Attrs{"session_id": 10001}, Finds: "it.handles[*].file_path", Want: `["/plan.xlsx","/notes.txt"]`},
		{Source: "smb_handles", Arguments: acctest.Attrs{"session_id": 10001, "handle_id": 200002}, Finds: "[for h in it.handles : [h.file_path, h.filesystem_name]]", Want: `[["/notes.txt","home"]]`},
		{Source: "smb_file_locks", Arguments: of(nil), Finds: "[for l in it.locks : [l.file_path, l.session_id, l.number_of_locks]]", Want: `[["/plan.xlsx",10001,2],["/plan.xlsx",10002,1],["/old/a",-1,3],["/older",-1,1]]`},
		{Source: "smb_file_locks", Arguments: of(acctest.Attrs{"file_path": "/older"}), Finds: "it.locks[*].number_of_locks", Want: "[1]"},
		{Source: "smb_leases", Arguments: of(acctest.Attrs{"file_path": "/plan.xlsx"}), Finds: "[for l in it.leases : [l.user_name, l.lease_type]]", Want: `[["ann","RW"]]`},
		{Source: "nlm_locks", Finds: "it.locks[*].client", Want: `["app1.example.com","app2.example.com","app3.example.com"]`},
		{Source: "nlm_locks", Arguments: of(acctest.Attrs{"file_path": "/db/a", "client": "app2.example.com"}), Finds: "it.locks[*].state", Want: `["WAITING"]`},
		{Source: "nlm_locks", Arguments: acctest.Attrs{"lock_id": firstNLMLock}, Finds: "it.locks[*].client", Want: `["app1.example.com"]`},
		{Source: "nlm_lock", Arguments: acctest.Attrs{"lock_id": firstNLMLock}, Finds: "[it.client, it.file_path, it.state]", Want: `["app1.example.com","/db/a","GRANTED"]`},
	}
}

// What is asked wrong, and what is not there, is said.
func TestAccQuestionsOfClientsRefused(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, withClients(t))
	for _, c := range []struct {
		source    string
		arguments acctest.Attrs
		says      string
	}{
		{"active_directory_user", acctest.Attrs{"username": "nobody"}, "no such user"},
		{"active_directory_user", acctest.Attrs{"username": "ann", "uid": 3456}, "Invalid Attribute Combination"},
		{"active_directory_user", acctest.Attrs{"sid": "ann"}, "INVALID_SID_VALUE"},
		{"smb_sessions", acctest.Attrs{"session_id": 1}, "SMB_COMMAND_FAILED_NO_SUCH_SESSION"},
		{"smb_handles", acctest.Attrs{"session_id": 10001, "handle_id": 1}, "SMB_COMMAND_FAILED_NO_SUCH_HANDLE"},
		{"smb_file_locks", acctest.Attrs{"filesystem_id": 4711}, "FILESYSTEM_NOT_FOUND"},
		{"smb_leases", acctest.Attrs{"filesystem_id": 1001, "file_path": "/nowhere"}, "FILE_DOES_NOT_EXIST"},
		{"nlm_lock", acctest.Attrs{"lock_id": "1e1e1e"}, "NLM_LOCK_DOES_NOT_EXIST"},
		{"nlm_locks", acctest.Attrs{"lock_id": firstNLMLock, "client": "app1.example.com"}, "leave out filesystem_id, file_path, client"},
		{"nlm_locks", acctest.Attrs{"file_path": "/db/a"}, "set filesystem_id as well"},
	} {
		if _, problems := server.Look("storage_infinibox_"+c.source, c.arguments); !strings.Contains(problems.String(), c.says) {
			t.Errorf("%s %v: want %q, have %s", c.source, c.arguments, c.says, problems)
		}
	}
	// What is dangerous names whom it hits.
	for name, c := range map[string]struct {
		arguments acctest.Attrs
		says      []string
	}{
		"smb_session_disconnect":   {acctest.Attrs{"session_id": 10001}, []string{"Disconnected is ann@ad.example.com.", "Open: /plan.xlsx of home, /notes.txt of home."}},
		"smb_handle_close":         {acctest.Attrs{"session_id": 10002, "handle_id": 200003}, []string{"Closed is /plan.xlsx of home.", "It is open at bob."}},
		"smb_file_locks_break":     {acctest.Attrs{"filesystem_id": 1001, "file_path": "/old"}, []string{"Orphaned locks: /old/a (3)."}},
		"nlm_locks_break":          {acctest.Attrs{"client": "app2.example.com"}, []string{"Locks now: app2.example.com on /db/a of filesystem 1001."}},
		"nlm_locks_remove_orphans": {nil, []string{"app1.example.com on /db/a", "app3.example.com on /db/b"}},
	} {
		name = "storage_infinibox_" + name
		server.PlanAction(name, c.arguments.With(acctest.Attrs{"approved": false})).Refuse(t, append(c.says, "not approved")...)
		server.PlanAction(name, c.arguments.With(acctest.Attrs{"approved": true})).Warn(t, append(c.says, "Approved")...)
	}
	server.PlanAction("storage_infinibox_nlm_locks_break", acctest.Attrs{"client": "gone.example.com"}).Warn(t, "There are no such locks now")
	server.PlanAction("storage_infinibox_smb_file_locks_break", acctest.Attrs{"filesystem_id": 1001, "file_path": "/db"}).Warn(t, "There are no such locks now")
	for says, arguments := range map[string]acctest.Attrs{
		"Nothing says which locks are meant": {},
		"set one of lock_id, filesystem_id":  {"all": false},
		"All means all locks on the array":   {"all": true, "client": "app1.example.com"},
		"A lock_id says which lock is meant": {"lock_id": firstNLMLock, "filesystem_id": 1001},
		"set filesystem_id as well":          {"file_path": "/db/a"},
		`"db" does not begin with a slash`:   {"filesystem_id": 1001, "file_path": "db"},
	} {
		server.PlanAction("storage_infinibox_nlm_locks_break", arguments.With(acctest.Attrs{"approved": true})).Refuse(t, says)
	}
}

// left holds how many there are of a list on the array.
func left(b *acctest.InfiniBox, path string, want int) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		if found, err := b.Do("GET", path, nil); err != nil || len(found.([]any)) != want {
			t.Errorf("%s: want %d, have %v %v", path, want, found, err)
		}
	}
}

func disconnected(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withClients(t)
	return b, acctest.Invocation{
		Config: acctest.Attrs{"session_id": 10001}, Danger: "The client loses what it has not saved",
		Progress: "Disconnecting SMB session 10001", Sent: "DELETE /api/rest/smb/sessions/{id}", Done: left(b, "smb/sessions", 1),
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"session_id": 10001}, Says: []string{"SMB_COMMAND_FAILED_NO_SUCH_SESSION"}}},
	}
}

func closed(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withClients(t)
	config := acctest.Attrs{"session_id": 10001, "handle_id": 200001}
	return b, acctest.Invocation{
		Config: config, Danger: "The application that has the file open may lose data",
		Progress: "Closing handle 200001 of SMB session 10001", Sent: "DELETE /api/rest/smb/sessions/{id}/handles/{handle_id}",
		Done:    left(b, "smb/sessions/10001/handles", 1),
		Refused: []acctest.Refusal{{Config: config, Says: []string{"SMB_COMMAND_FAILED_NO_SUCH_HANDLE"}}},
	}
}

func brokenSMBLocks(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withClients(t)
	return b, acctest.Invocation{
		Config: acctest.Attrs{"filesystem_id": 1001}, Danger: "A client that comes back and relies on its lock may lose data",
		Progress: "Breaking orphaned SMB locks on filesystem 1001", Sent: "POST /api/rest/smb/filelocks/break_orphans",
		Done:    left(b, "smb/filelocks?filesystem_id=1001", 2), // of clients that are connected
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"filesystem_id": 4711}, Says: []string{"FILESYSTEM_NOT_FOUND"}}},
	}
}

func brokenNLMLocks(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withClients(t)
	return b, acctest.Invocation{
		Config: acctest.Attrs{"filesystem_id": 1001, "file_path": "/db/a"}, Danger: "The applications at the clients rely on the locks",
		Progress: "Breaking NLM locks", Sent: "POST /api/rest/nlm_locks/break", Done: left(b, "nlm_locks", 1),
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"lock_id": firstNLMLock}, Says: []string{"NLM_LOCK_DOES_NOT_EXIST"}}},
	}
}

func removedOrphans(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withClients(t)
	return b, acctest.Invocation{
		Config: acctest.Attrs{"approved": true}, Danger: "The array decides which locks are orphans",
		Progress: "Removing orphaned NLM locks", Sent: "POST /api/rest/nlm_locks/remove_orphan", Done: left(b, "nlm_locks", 2),
	}
}

// What an action has done, it tells.
func TestAccActionsOnClientsTell(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, withClients(t))
	for _, c := range []struct {
		name      string
		arguments acctest.Attrs
		tells     string
	}{
		{"smb_handle_close", acctest.Attrs{"session_id": 10001, "handle_id": 200002}, "Closed /notes.txt of home"},
		{"smb_session_disconnect", acctest.Attrs{"session_id": 10001}, "Disconnected ann@ad.example.com"},
		{"smb_file_locks_break", acctest.Attrs{"filesystem_id": 1001, "file_path": "/old"}, "Broke 3 locks"},
		{"nlm_locks_remove_orphans", nil, "Removed 1 locks"},
		{"nlm_locks_break", acctest.Attrs{"all": true}, "Broke 2 locks"},
	} {
		said := server.Invoke("storage_infinibox_"+c.name, c.arguments.With(acctest.Attrs{"approved": true}))
		if said.Failed() || !strings.Contains(fmt.Sprint(said.Progress), c.tells) {
			t.Errorf("%s: want %q, have %q %s", c.name, c.tells, said.Progress, said.Problems)
		}
	}
}
