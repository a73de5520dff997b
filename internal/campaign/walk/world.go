package walk

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// world is an array, Terraform at work on it, and others who have objects there.
type world struct {
	t      *testing.T
	maker  *maker
	lab    acctest.Simulated
	core   *testcore.Core
	others *testcore.Core
	// theirs is the configuration of the others, after the one that ours is to become,
	// and inWay are those of their objects that are in the way of ours, by our address.
	theirs, after testcore.Config
	inWay         map[string]string
	hung          map[string][]hook // what those refer to of ours
	broken        reporter
	// all says that the provider approves all.
	all bool
	// drifted are the objects that this step has found changed by others.
	drifted map[string]bool
	// stuck says that Terraform's own order lets no configuration be applied any more.
	stuck bool
	// found is the state as the last plan has found it.
	found *testcore.State
	// fault is what goes wrong during the next apply.
	fault string
	// counts are what steps have come to.
	counts map[string]int
}

// violation is what a walk must not find.
type violation struct {
	// kind is the same for violations of one sort.
	kind, text string
}

// reporter collects what the core says of a provider that breaks its word.
type reporter struct {
	t    *testing.T
	mu   sync.Mutex
	said []string
}

// Helper implements testcore.Reporter.
func (*reporter) Helper() {}

// Errorf implements testcore.Reporter.
func (r *reporter) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// Fatalf implements testcore.Reporter: only a mistake of the walk's own is fatal.
func (r *reporter) Fatalf(format string, args ...any) {
	r.t.Errorf(format, args...)
	runtime.Goexit()
}

func newWorld(t *testing.T, m *maker, order *rand.Rand) *world {
	t.Helper()
	w := &world{t: t, maker: m, lab: m.estate.Lab(t), inWay: map[string]string{}, hung: map[string][]hook{}, counts: map[string]int{}, drifted: map[string]bool{}}
	w.broken.t = t
	w.core = acctest.NewCore(&w.broken, w.lab, nil)
	w.core.Order, w.found = order, w.core.State
	w.approve(false)
	w.others, w.theirs = acctest.NewCore(&w.broken, w.lab, nil), m.estate.Theirs.Clone()
	if plan, done := w.others.Run(t.Context(), w.theirs, testcore.Options{}); plan.Failed() || done.Failed() {
		t.Fatalf("the others cannot make their objects: %s %s", plan, done)
	}
	return w
}

// aside tries something in a world of its own, in a test of its own: with that ends all
// that the world has made.
func aside(t *testing.T, m *maker, order *rand.Rand, try func(*world)) {
	t.Helper()
	if !t.Run("aside", func(t *testing.T) { try(newWorld(t, m, order)) }) {
		t.FailNow()
	}
}

func (w *world) count(what string) { w.counts[what]++ }

// attempt is one plan, and its apply where it could be made.
type attempt struct {
	plan *testcore.Plan
	done *testcore.Result
	next *testcore.Plan // the plan after it
	// quiet says that the plan after it finds nothing to do and has nothing to say.
	quiet bool
	// consent are violations found in the requests.
	consent []string
}

func (a attempt) refused() bool   { return a.plan.Failed() }
func (a attempt) failed() bool    { return a.done != nil && a.done.Failed() }
func (a attempt) converged() bool { return a.next != nil && a.quiet }

// String is what the attempt came to.
func (a attempt) String() string {
	text := "The plan:\n" + a.plan.String()
	if a.done != nil {
		text += "The apply (" + strings.Join(a.done.Order, "; ") + "):\n" + a.done.String()
	}
	if a.next != nil {
		text += "The plan after it:\n" + a.next.String()
	}
	return text
}

// try applies a configuration once, and plans it again where that went well.
func (w *world) try(c testcore.Config, replace ...string) attempt {
	ctx := w.t.Context()
	w.lab.Front().ResetRequests()
	newest := w.newest()
	a := attempt{plan: w.core.Plan(ctx, c, testcore.Options{Replace: replace})}
	w.found = a.plan.Refreshed
	for address := range a.plan.Drift {
		w.drifted[address] = true
	}
	if a.plan.Failed() {
		return a
	}
	w.faults(w.fault)
	a.done = w.core.Apply(ctx, a.plan)
	w.faults("")
	a.consent = w.unasked(a.plan, c, newest)
	if a.done.Failed() {
		return a
	}
	// What has moved has moved.
	c.Moved = nil
	if a.next = w.core.Plan(ctx, c, testcore.Options{}); len(a.next.Drift) > 0 && ignorable(a.next, c) {
		// One resource's change of what another has by the system's choice.
		w.core.State = a.next.Refreshed
		a.next = w.core.Plan(ctx, c, testcore.Options{})
	}
	a.quiet = len(a.next.Actions()) == 0 && len(a.next.Drift) == 0 && !slices.ContainsFunc(a.next.Said, func(s testcore.Said) bool {
		return !slices.ContainsFunc(w.maker.estate.Lasting, func(words string) bool { return strings.Contains(s.Summary, words) })
	})
	return a
}

func (w *world) faults(spec string) {
	if err := w.lab.Front().SetFaults(spec); err != nil {
		w.t.Fatal(err)
	}
}

// destroy takes down all that is ours, as terraform destroy does.
func (w *world) destroy(c testcore.Config) *violation {
	w.approve(true)
	defer w.approve(false)
	a := attempt{}
	if a.plan, a.done = w.core.Run(w.t.Context(), c, testcore.Options{Destroy: true}); a.refused() || a.failed() {
		return w.violation(a, "terraform destroy: ")
	}
	if left := w.core.State.Addresses(); len(left) > 0 {
		return &violation{"terraform destroy leaves something", strings.Join(left, ", ") + "\n" + a.String()}
	}
	return w.held(a)
}

// ignorable reports whether a plan finds nothing but changes of what the configuration
// does not speak of.
func ignorable(p *testcore.Plan, c testcore.Config) bool {
	if len(p.Said) > 0 || len(p.Actions()) > 0 {
		return false
	}
	for address, attributes := range p.Drift {
		for _, name := range attributes {
			if c.Resources[address].Arguments[name] != nil {
				return false
			}
		}
	}
	return true
}

// approve gives the provider's word on approval where a resource says nothing.
func (w *world) approve(all bool) {
	system, settings := w.lab.Settings()
	w.core.Provider = acctest.Attrs{system: settings.With(acctest.Attrs{"approve_dangerous_operations": all})}
	w.all = all
}

// newest is the highest id so far: what a run makes has higher ones.
func (w *world) newest() int {
	id, err := w.lab.Newest()
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// held finds violations of what holds at every moment.
func (w *world) held(a attempt) *violation {
	w.broken.mu.Lock()
	said := w.broken.said
	w.broken.said = nil
	w.broken.mu.Unlock()
	if len(said) > 0 {
		return &violation{"the provider breaks its word: " + sort(said[0]), strings.Join(said, "\n") + "\n" + a.String()}
	}
	if len(a.consent) > 0 {
		return &violation{"not approved: " + sort(a.consent[0]), strings.Join(a.consent, "\n") + "\n" + a.String()}
	}
	if twice := w.twice(); twice != "" {
		return &violation{"two addresses, one object", twice + "\n" + a.String()}
	}
	w.unhook()
	plan := w.others.Plan(w.t.Context(), w.theirs, testcore.Options{})
	if !plan.Empty() {
		return &violation{"what is of others was touched", "their plan:\n" + plan.String() + "ours:\n" + a.String()}
	}
	return nil
}

// twice says which two addresses have one object.
func (w *world) twice() string {
	seen := map[string]string{}
	objects := w.core.State.Deposed()
	for _, address := range w.core.State.Addresses() {
		objects[address] = w.core.State.Get(address)
	}
	for _, address := range slices.Sorted(maps.Keys(objects)) {
		attributes, _ := testcore.Plain(objects[address].Value).(map[string]any)
		what := w.identity(address, attributes)
		if other := seen[what]; other != "" {
			return fmt.Sprintf("%s and %s are both %s", other, address, what)
		}
		seen[what] = address
	}
	return ""
}

// identity is what tells an object from all others.
func (w *world) identity(address string, attributes map[string]any) string {
	k := w.maker.kindOf(address)
	key := k.suite.Key
	if len(key) == 0 {
		key = []string{"id"}
	}
	return k.name + tuple(key, attributes)
}

var number = regexp.MustCompile(`\d+`)

// unasked are the approvals that were sent and nobody gave. An approval is the
// user's where it is in a request about an object whose resource says so, and the
// provider's own only to take back what the same run has made.
func (w *world) unasked(plan *testcore.Plan, c testcore.Config, newest int) []string {
	var wrong []string
	if w.all {
		return nil
	}
	for _, r := range w.lab.Front().Requests() {
		sent, ids := w.lab.Approved(r)
		if !sent || r.Status >= http.StatusBadRequest {
			continue
		}
		last := 0
		if len(ids) > 0 {
			last, _ = strconv.Atoi(ids[len(ids)-1])
		}
		if r.Method == http.MethodDelete && last > newest || w.takesBack(r.Path, plan) {
			continue
		}
		if (len(ids) == 0 || last > newest) && w.creating(r.Path, plan, c) {
			continue // what is made half-way may be gone again
		}
		if !w.consented(r.Path, ids, plan, c) {
			wrong = append(wrong, fmt.Sprintf("%s %s?%s", r.Method, r.Path, r.Query))
		}
	}
	return wrong
}

// takesBack reports whether a request is about an object, known by no id of its own, that
// was to be made and is not there.
func (w *world) takesBack(path string, plan *testcore.Plan) bool {
	tells := w.maker.estate.About
	if tells == nil {
		return false
	}
	for _, change := range plan.Changes {
		made, _ := testcore.Plain(change.After).(map[string]any)
		is := w.core.State.Attributes(change.Address)
		if made != nil && change.Action != testcore.NoOp && change.Action != testcore.Update && (is == nil || !tells(path, is)) && tells(path, made) {
			return true
		}
	}
	return false
}

// creating reports whether an approved resource is created in a collection.
func (w *world) creating(path string, plan *testcore.Plan, c testcore.Config) bool {
	for _, change := range plan.Changes {
		k := w.maker.kindOf(change.Address)
		if change.Action != testcore.NoOp && c.Resources[change.Address].Arguments["approved"] == true &&
			strings.HasPrefix(strings.TrimPrefix(path, "/api/rest/"), k.suite.Path) {
			return true
		}
	}
	return false
}

func (w *world) consented(path string, ids []string, plan *testcore.Plan, c testcore.Config) bool {
	for address, change := range plan.Changes {
		if change.Action == testcore.NoOp {
			continue
		}
		word := false
		var about []map[string]any
		if r, ok := c.Resources[change.Address]; ok {
			word = r.Arguments["approved"] == true
			about = append(about, w.core.State.Attributes(change.Address))
		}
		if change.Before != nil {
			before, _ := testcore.Plain(change.Before.Value).(map[string]any)
			about = append(about, before)
			word = word || before["approved"] == true
		}
		if made, _ := testcore.Plain(change.After).(map[string]any); change.Action == testcore.Create {
			about = append(about, made) // what was refused is not in the state, and its owner is in the path
		}
		if !word {
			continue
		}
		key := w.maker.kindOf(address).suite.Key
		for _, o := range about {
			if o == nil {
				continue
			}
			if slices.Contains(ids, fmt.Sprint(o["id"])) || strings.Contains(fmt.Sprint(o["id"]), ",") {
				return true
			}
			if tells := w.maker.estate.About; tells != nil && tells(path, o) {
				return true
			}
			all := map[string]bool{}
			for _, name := range key {
				all[fmt.Sprint(o[name])] = true
			}
			if len(key) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return !all[id] }) {
				return true
			}
		}
	}
	return false
}

var (
	quoted = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]`)
	labels = regexp.MustCompile(`\.(?:list|map|[a-z]+\d+)`)
)

// sort is a text without what differs between violations of one sort.
func sort(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return number.ReplaceAllString(labels.ReplaceAllString(quoted.ReplaceAllString(line, "…"), ""), "N")
}
