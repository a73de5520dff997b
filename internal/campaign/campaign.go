// Package campaign breaks things: it applies configurations of every entity while
// the simulator injects every fault at every request in turn, stops the run or
// kills it there, and holds that what its errors name (the next apply, after a kill an
// import, at most) ends with exactly the objects of the configuration. Where an array has a
// peer, it breaks what the two say to each other as well.
//
// Most of it plays Terraform's core by the plugin protocol, in this process; a
// sample runs the real CLI on the real program. FAULTS=all runs the whole, anything
// else a sample by SEED; ENTITY and FAULT (regular expressions) choose what runs.
package campaign

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Where not all are asked for, an entity has that many scenarios, and runs of
// them.
const (
	sampleScenarios = 3
	sampleRuns      = 8
	samplePeerRuns  = 4 // and that many with accidents between the array and its peer
)

// workersPerCPU is enough to be busy while others wait for an answer that does not come.
const workersPerCPU = 16

// options are what the environment asks for.
type options struct {
	whole         bool
	seed          uint64
	entity, fault *regexp.Regexp
}

func fromEnvironment(t *testing.T) options {
	t.Helper()
	o := options{whole: os.Getenv("FAULTS") == "all", seed: uint64(time.Now().UnixNano() % 1e6)}
	var err error
	if text := os.Getenv("SEED"); text != "" {
		if o.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("SEED: %v", err)
		}
	}
	o.entity, o.fault = pattern(t, "ENTITY"), pattern(t, "FAULT")
	t.Logf("SEED=%d", o.seed)
	return o
}

func pattern(t *testing.T, variable string) *regexp.Regexp {
	t.Helper()
	p, err := regexp.Compile("^(?:" + os.Getenv(variable) + ")$")
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return p
}

func asked(p *regexp.Regexp, name string) bool { return p.String() == "^(?:)$" || p.MatchString(name) }

// chance is the seed's random numbers for one purpose.
func (o options) chance(purpose string) *rand.Rand {
	var n uint64
	for _, b := range []byte(purpose) {
		n = n*31 + uint64(b)
	}
	return rand.New(rand.NewPCG(o.seed, n))
}

// Run runs the campaign on entities with tables of acceptance tests.
func Run(t *testing.T, kinds []*entity.Kind, tables map[string]acctest.Table) {
	t.Helper()
	o := fromEnvironment(t)
	c := &campaign{options: o}
	for _, k := range kinds {
		if k.IsManaged() && (k.IsListed() || k.Presence == entity.Only || k.Presence == entity.Sole) && !strings.Contains(k.Path, "{") && !slices.Contains(c.paths, k.Path) {
			c.paths = append(c.paths, k.Path)
		}
	}
	t.Run("entities", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(tables)) {
			if asked(o.entity, name) {
				t.Run(name, func(t *testing.T) { c.entity(t, name, tables[name]) })
			}
		}
	})
	c.figures.report(t)
}

type campaign struct {
	options
	paths   []string
	figures figures
}

// trial is one apply with one fault.
type trial struct {
	scenario
	fault
	number   int // of the request, or of the question to the peer
	expected contents
	moving   map[string]string
}

func (x trial) String() string {
	return fmt.Sprintf("%s/%d:%s", x.scenario.name, x.number, x.fault.name)
}

// entity tries every fault at every request of every scenario.
func (c *campaign) entity(t *testing.T, name string, table acctest.Table) {
	var trials, ofPeer []trial
	suite := table(t)
	all, chance, sampled := scenarios(suite), c.chance(name), !c.whole && os.Getenv("FAULT") == ""
	if sampled {
		chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:min(sampleScenarios, len(all))]
	}
	for _, s := range all {
		run := c.undisturbed(t, table, s.name)
		for _, f := range faults(suite.Lab.(acctest.Simulated).Front().Knows) {
			for n := range run.requests {
				trials = append(trials, trial{s, f, n + 1, run.expected, run.moving})
			}
		}
		for _, f := range accidents() {
			for n := range run.questions {
				ofPeer = append(ofPeer, trial{s, f, n + 1, run.expected, run.moving})
			}
		}
	}
	if sampled {
		trials, ofPeer = some(chance, trials, sampleRuns), some(chance, ofPeer, samplePeerRuns)
	}
	trials = slices.DeleteFunc(slices.Concat(trials, ofPeer), func(x trial) bool { return !asked(c.fault, x.String()) })
	together(t, trials, func(t *testing.T, x trial) { c.try(t, name, table, x) })
}

// together runs trials side by side. A parallel test is kept, with all that its
// clean-up holds, until its parent ends: so the parallel ones are few, and each runs one
// trial after the other.
func together(t *testing.T, trials []trial, try func(*testing.T, trial)) {
	t.Helper()
	left := make(chan trial, len(trials))
	for _, x := range trials {
		left <- x
	}
	close(left)
	for worker := range min(len(trials), runtime.GOMAXPROCS(0)*workersPerCPU) {
		t.Run(strconv.Itoa(worker+1), func(t *testing.T) {
			t.Parallel()
			for x := range left {
				t.Run(x.String(), func(t *testing.T) { try(t, x) })
			}
		})
	}
}

// some are so many of the trials, by chance.
func some(chance *rand.Rand, trials []trial, n int) []trial {
	chance.Shuffle(len(trials), func(i, j int) { trials[i], trials[j] = trials[j], trials[i] })
	return trials[:min(n, len(trials))]
}

// course is how a scenario runs without a fault: how many requests it takes, and questions
// to the peer, what the array then holds, and which fields differ from run to run.
type course struct {
	requests, questions int
	expected            contents
	moving              map[string]string
}

// undisturbed runs a scenario without a fault, twice.
func (c *campaign) undisturbed(t *testing.T, table acctest.Table, name string) (run course) {
	t.Helper()
	var runs []contents
	for round := range 2 {
		s := table(t)
		lab := s.Lab.(acctest.Simulated)
		if round == 1 { // other ids, and all that follows from them
			for _, side := range sides(lab) {
				if _, err := side.Newest(); err != nil {
					t.Fatal(err)
				}
			}
		}
		x := c.scenarioOf(s, name)
		core := newCore(t, s, nil)
		if made := core.apply(t.Context(), x.from); made.Failed() {
			t.Fatalf("%s: %s", name, made)
		}
		lab.Front().ResetRequests()
		if array := paired(lab); array != nil {
			array.Strike(0, "")
		}
		if done := core.apply(t.Context(), x.to); done.Failed() {
			t.Fatalf("%s: %s", name, done)
		}
		run.requests = len(lab.Front().Requests())
		if array := paired(lab); array != nil {
			run.questions = array.Simulator.Questions()
		}
		if again := core.plan(t.Context(), x.to); !again.quiet() {
			t.Fatalf("%s: the next plan is to %s: %s", name, again.action, again)
		}
		runs = append(runs, c.look(t, lab))
	}
	run.expected, run.moving = runs[0], runs[0].differences(runs[1])
	return run
}

// scenarioOf finds a scenario by its name: its values belong to the suite's array.
func (c *campaign) scenarioOf(s acctest.Suite, name string) scenario {
	all := scenarios(s)
	return all[slices.IndexFunc(all, func(x scenario) bool { return x.name == name })]
}

// try injects one fault, and heals what it has broken.
func (c *campaign) try(t *testing.T, name string, table acctest.Table, x trial) {
	defer func() {
		if t.Failed() {
			t.Logf("again: make test-faults SEED=%d ENTITY=%s FAULT='%s'", c.seed, name, x)
		}
	}()
	s := table(t)
	lab := s.Lab.(acctest.Simulated)
	own := c.scenarioOf(s, x.scenario.name)
	core := newCore(t, s, x.settings)
	if made := core.apply(t.Context(), own.from); made.Failed() {
		t.Fatal(made)
	}
	first := c.disturb(t, core, lab, own, x)
	if first.Failed() && !x.heard && !refusedLogin(lab) {
		t.Errorf("the apply did not get over the fault by itself: %s", first)
	}
	if o := core.object(); o != nil && o.Tainted && !first.Failed() {
		t.Error("the object is tainted without need")
	}

	healed, helped := core.heal(t.Context(), t, lab, own.to, first)
	if healed.Failed() {
		t.Errorf("the next apply does not heal it: %s", healed)
	}
	if helped && !x.stopped && !x.killed && !x.heard {
		t.Error("a fault that the run has survived costs more than the next apply")
	}
	now := c.look(t, lab)
	c.figures.add(name, first, healed, helped, now.count()-x.expected.count())
	if again := core.plan(t.Context(), own.to); !again.quiet() {
		t.Errorf("the plan after it is not empty: %s %s", again.action, again)
	}
	if o := core.object(); o != nil && o.Tainted {
		t.Error("the object is still tainted")
	}
	for _, difference := range now.unlike(x.expected, x.moving) {
		t.Error(difference)
	}
	noSecrets(t, s, core.Said())
}

// refusedLogin reports whether the fault has met a login: credentials that are
// refused are not tried again.
func refusedLogin(lab acctest.Simulated) bool {
	for _, r := range lab.Front().Requests() {
		if strings.HasSuffix(r.Route, "/users/login") && r.Status == http.StatusUnauthorized {
			return true
		}
	}
	return false
}

// disturb is the apply that meets the fault.
func (c *campaign) disturb(t *testing.T, core *core, lab acctest.Simulated, own scenario, x trial) outcome {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	if x.spec != nil {
		if err := lab.Front().SetFaults(x.spec(x.number)); err != nil {
			t.Fatal(err)
		}
	}
	if x.accident != "" {
		paired(lab).Strike(x.number, x.accident)
	}
	seen := 0
	var interrupted time.Time
	if x.stopped || x.killed {
		lab.OnRequest(func() {
			if seen++; seen == x.number {
				interrupted = time.Now()
				interrupt()
			}
		})
	}
	core.Killed = x.killed
	done := core.apply(ctx, own.to)
	core.Killed = false
	if x.stopped && !interrupted.IsZero() {
		c.figures.stopped(time.Since(interrupted))
	}
	lab.OnRequest(nil)
	if err := lab.Front().SetFaults(""); err != nil {
		t.Fatal(err)
	}
	if x.accident != "" {
		paired(lab).Simulator.RestoreLinks()
	}
	return done
}
