//go:build unix

package campaign

import (
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

const (
	plantedSecret = "planted-chap-secret"

	// estate is a configuration of everything that hosts need to see volumes.
	estate = `
terraform {
  required_providers {
    storage = { source = "storage-as-code/storage" }
  }
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
  ssd_enabled       = false
  metadata          = { team = "storage" }
}

resource "storage_infinibox_volume" "data" {
  count    = 3
  name     = "data-${count.index}"
  pool_id  = storage_infinibox_pool.db.id
  size     = "100GB"
  metadata = { lun = tostring(count.index) }
}

resource "storage_infinibox_volume_snapshot" "before" {
  name      = "before"
  parent_id = storage_infinibox_volume.data[0].id
}

resource "storage_infinibox_host" "server" {
  count                                  = 2
  name                                   = "server-${count.index}"
  iscsi_ports                            = ["iqn.2011-08.com.example:server-${count.index}"]
  security_method                        = "CHAP"
  security_chap_inbound_username         = "server"
  security_chap_inbound_secret_wo        = "` + plantedSecret + `"
  security_chap_inbound_secret_wo_version = 1
}

resource "storage_infinibox_host_cluster" "db" {
  name     = "db"
  host_ids = storage_infinibox_host.server[*].id
}

resource "storage_infinibox_lun" "data" {
  count      = 3
  volume_id  = storage_infinibox_volume.data[count.index].id
  cluster_id = storage_infinibox_host_cluster.db.id
  lun        = count.index + 1 # the array's choice would follow who comes first
}
`
)

var (
	interruptedRun = outcome{Result: &testcore.Result{Said: []testcore.Said{{
		Diagnostic: &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "interrupted"},
	}}}}

	estatePaths = []string{"pools", "volumes", "hosts", "clusters", "luns", "metadata"}
	secrets     = []string{acctest.ArrayPassword, base64.StdEncoding.EncodeToString([]byte("admin:" + acctest.ArrayPassword)), plantedSecret}
)

// The real CLI and the real provider are interrupted after a request of an apply,
// in each way there is; the next apply completes the work, after one import at most, but
// where the CLI was killed at the moment that it wrote its state.
func TestInterruptedRunsAreCompleted(t *testing.T) {
	o := fromEnvironment(t)
	all := newTools(t)
	requests, expected, moving := undisturbedEstate(t, all)

	ways := slices.Sorted(maps.Keys(interruptions))
	tries, chance := len(ways)*requests, o.chance("cli")
	if !o.whole {
		tries = len(ways)
	}
	var count figures
	t.Run("runs", func(t *testing.T) {
		for i := range tries {
			at, way := 1+i/len(ways), ways[i%len(ways)]
			if !o.whole {
				at = 1 + chance.IntN(requests)
			}
			name := fmt.Sprintf("%d:%s", at, way)
			if !asked(o.entity, "cli") || !asked(o.fault, name) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						t.Logf("again: make test-faults SEED=%d ENTITY=cli FAULT=%s", o.seed, name)
					}
				}()
				surplus, helped := interrupted(t, all, at, way, expected, moving)
				count.add("real CLI, "+way, interruptedRun, outcome{Result: &testcore.Result{}}, helped, surplus)
			})
		}
	})
	count.report(t)
}

// undisturbedEstate tells how many requests an apply takes, and what it makes.
func undisturbedEstate(t *testing.T, all tools) (requests int, expected contents, moving map[string]string) {
	t.Helper()
	var runs []contents
	for burn := range 2 {
		lab, w := newEstate(t, all)
		if burn == 1 {
			lab.Must("DELETE", fmt.Sprintf("hosts/%v", lab.Create("hosts", map[string]any{"name": "burnt"})), nil)
		}
		if answer := w.run("apply -auto-approve -parallelism=1"); answer.Code != 0 {
			t.Fatal(answer.Stdout + answer.Stderr)
		}
		requests = lab.Requests("", "")
		runs = append(runs, look(t, lab, estatePaths))
		w.noSecrets(secrets...)
	}
	return requests, runs[0], runs[0].differences(runs[1])
}

func newEstate(t *testing.T, all tools) (*acctest.InfiniBox, *terminal) {
	t.Helper()
	lab := acctest.SimulateInfiniBox(t, simulator.Options{})
	return lab, all.open(t, estate+lab.Provider(acctest.Attrs{"approve_dangerous_operations": true}))
}

// interrupted ends a run after a request, and completes it: by an apply, after the one
// import at most that its error names, or one for each object of a state that is lost.
func interrupted(t *testing.T, all tools, at int, way string, expected contents, moving map[string]string) (surplus int, helped bool) {
	t.Helper()
	lab, w := newEstate(t, all)
	var once sync.Once
	seen, word := 0, make(chan struct{})
	lab.OnRequest(func() {
		if seen++; seen >= at {
			once.Do(func() { close(word) })
		}
	})
	cmd := w.start("apply -auto-approve -parallelism=1")
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // what it came to shows in the state
		close(ended)
	}()
	select {
	case <-word:
		asked := time.Now()
		interruptions[way](cmd)
		<-ended
		if way == "ctrl-c" {
			t.Logf("stopped within %s", time.Since(asked).Round(time.Millisecond))
		}
	case <-ended:
		t.Log("the run was over before the request came")
	}
	lab.OnRequest(nil)

	imports := 1
	if w.forgotten() {
		t.Log("the CLI was killed while it wrote its state")
		imports = expected.count()
	}
	answer := w.run("apply -auto-approve -parallelism=1")
	for ; answer.Code != 0 && imports > 0; imports-- {
		text := squeezed(answer.Stdout + answer.Stderr)
		hint := importHint.FindStringSubmatch(text)
		if hint == nil {
			break
		}
		address := regexp.MustCompile(`with (` + regexp.QuoteMeta(hint[1]) + `\.[^ ,]+),`).FindStringSubmatch(text)
		if address == nil {
			t.Fatalf("no address in %s", answer.Stdout+answer.Stderr)
		}
		if answer := w.run(fmt.Sprintf("import -input=false %s %s", address[1], hint[2])); answer.Code != 0 {
			t.Fatalf("the import that the error names fails: %s", answer.Stdout+answer.Stderr)
		}
		helped = true
		answer = w.run("apply -auto-approve -parallelism=1")
	}
	if answer.Code != 0 {
		t.Errorf("the next apply fails: %s", answer.Stdout+answer.Stderr)
	}
	if answer := w.run("plan -detailed-exitcode"); answer.Code != 0 {
		t.Errorf("the plan after it is not empty: %s", answer.Stdout+answer.Stderr)
	}
	now := look(t, lab, estatePaths)
	for _, difference := range now.unlike(expected, moving) {
		t.Error(difference)
	}
	w.noSecrets(secrets...)
	return now.count() - expected.count(), helped
}
