package access_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const sshType = "storage_infinibox_ssh"

// SSH is opened for a time, again when that is over, closed where others opened it, and
// given back.
func TestAccSSH(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	status := func() any { return b.Must("GET", "system/ssh", nil)["overall_ssh_port_status"] }
	cli := acctest.NewCLI(t)
	ssh := func(open bool) string { return resource("ssh", "this", acctest.Attrs{"open": open}) }
	changes := map[string]string{sshType + ".this": "update"}
	cli.Apply(b.Provider(nil), ssh(true)).Succeeds(t)
	cli.Plan(b.Provider(nil), ssh(true)).Succeeds(t).Plans(t, map[string]string{})
	if status() != "OPEN" {
		t.Errorf("SSH is %v", status())
	}
	b.Simulator.Advance(24 * time.Hour)
	cli.Plan(b.Provider(nil), ssh(true)).Succeeds(t).Plans(t, changes)
	cli.Apply(b.Provider(nil), ssh(false)).Succeeds(t).Plans(t, map[string]string{})
	b.Must("POST", "system/ssh/open", nil)
	cli.Apply(b.Provider(nil), ssh(false)).Succeeds(t).Plans(t, changes)
	if status() != "CLOSED" {
		t.Errorf("SSH is %v", status())
	}
	cli.Apply(b.Provider(nil), ssh(true)).Succeeds(t)
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if status() != "CLOSED" {
		t.Errorf("given back, SSH is %v", status())
	}

	server := acctest.NewServer(t, b)
	state, identity := server.Create(sshType, acctest.Attrs{"open": true})
	seen, problems := server.Look(sshType, nil)
	if until, err := time.Parse(time.RFC3339, fmt.Sprint(seen["expires_at"])); problems.Failed() || err != nil || until.Before(time.Now()) || seen["overall_status"] != "OPEN" || seen["node2_status"] != "OPEN" {
		t.Errorf("the data source has %v %s", seen, problems)
	}
	server.Again()
	state, identity = server.Apply(sshType, state, identity, acctest.Attrs{"open": false})
	server.Again()
	state, identity = server.Apply(sshType, state, identity, acctest.Attrs{"open": true})
	imported, _, problems := server.Import(sshType, "ssh", nil)
	if read, _ := server.Read(sshType, imported, identity); problems.Failed() || read["open"] != true {
		t.Errorf("import finds %v %s", read, problems)
	}
	server.Again()
	server.Apply(sshType, state, identity, nil)
}

// Who may not change what others may is told so.
func TestAccPoolAdminAndSecurity(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Must("POST", "users", map[string]any{"name": "pat", "password": "Passw0rd!pat", "role": "POOL_ADMIN", "email": "pat@example.com"})
	as := b.Provider(acctest.Attrs{"username": "pat", "password": "Passw0rd!pat", "approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	for kind, arguments := range map[string]acctest.Attrs{"ssh": {"open": true}, "ssl_certificate": {"self_signed": true}, "ssl_certificate_request": {}} {
		cli.Apply(as, resource(kind, "this", arguments)).Refuses(t, "UNAUTHORIZED", "POOL_ADMIN")
	}
}

// secured is the seed of an array with a policy and a message of its own.
const secured = `{"security":{"message_of_the_day":"Authorized use only","password_policy":{"min_length":12}}}`

// securityQuestions are put to an array that is secured.
func securityQuestions() []acctest.Question {
	return []acctest.Question{
		{Source: "password_policy", Finds: "[it.min_length, it.max_length, it.digit]", Want: "[12,128,false]"},
		{Source: "message_of_the_day", Finds: "it.message", Want: "Authorized use only"},
		{Source: "eula", Finds: "[it.status, it.eula_version, it.accepted_by]", Want: `["PENDING","3.0",null]`},
		{Source: "system_security", Finds: "[it.system_security_state, it.kmip_connectivity_state, it.certificate_strength]", Want: `["FIPS1","DISABLED",2048]`},
	}
}

func acceptedEULA(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.NewInfiniBox(t)
	return b, acctest.Invocation{
		Progress: "Accepting the license agreement", Sent: "POST /api/rest/system/eula/accepted",
		Done: func(t *testing.T) {
			if is := b.Must("GET", "system/eula", nil); is["status"] != "ACCEPTED" || is["accepted_by"] != "admin" {
				t.Errorf("the agreement is %v", is)
			}
		},
	}
}

func snoozedEULA(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.NewInfiniBox(t)
	return b, acctest.Invocation{
		Progress: "Putting the license agreement off", Sent: "POST /api/rest/system/eula/snoozed",
		Done: func(t *testing.T) {
			if is := b.Must("GET", "system/eula", nil); is["status"] != "SNOOZED" {
				t.Errorf("the agreement is %v", is)
			}
		},
		Refused: []acctest.Refusal{{Says: []string{"EULA_CANNOT_BE_SNOOZED"}}},
	}
}

func certificatesOfTheFaults(t *testing.T) acctest.Suite {
	ca := acctest.NewAuthority(t)
	first, firstKey := ca.Pair(1)
	second, secondKey := ca.Pair(2)
	return acctest.Suite{
		Lab: acctest.NewInfiniBox(t), Type: certificateType, Permanent: true,
		Least: uploads(first, firstKey, 1), Most: uploads(second, secondKey, 2),
	}
}

func requestsOfTheFaults(t *testing.T) acctest.Suite {
	return acctest.Suite{
		Lab: acctest.NewInfiniBox(t), Type: requestType, Permanent: true,
		Least: acctest.Attrs{"country": "IL"}, Most: acctest.Attrs{"country": "US", "dns_names": []any{"ibox1.example.com"}},
	}
}

func kmsOfTheFaults(t *testing.T) acctest.Suite {
	near := keyServer(acctest.NewAuthority(t), "kms1.example.com")
	return acctest.Suite{
		Lab: asSupport(t, ""), Type: kmsType, Permanent: true,
		Least: near, Most: near.With(acctest.Attrs{"username": "array", "password_wo": "kms-secret", "password_wo_version": 1, "ignore_certificate": true, "enabled": true}),
	}
}

func sshOfTheFaults(t *testing.T) acctest.Suite {
	return acctest.Suite{
		Lab: acctest.NewInfiniBox(t), Type: sshType, Permanent: true,
		Least: acctest.Attrs{"open": false}, Most: acctest.Attrs{"open": true},
	}
}
