package testcore

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	installed "github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// Random changes of small configurations are put into the order in which the real
// CLI would put them: its graph of an apply has the same operations, of which the
// same wait for the same.
func TestOrderIsTerraforms(t *testing.T) {
	const scenarios = 10
	for seed := range scenarios {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(uint64(seed), 0))
			before := randomConfig(chance)
			after := changedConfig(chance, before)
			terraform, core := newCLI(t), newToy().core(t)
			terraform.write(before)
			terraform.run("init")
			terraform.run("apply", "-auto-approve")
			if plan, done := core.Run(t.Context(), before, Options{}); plan.Failed() || done.Failed() {
				t.Fatal(plan, done)
			}
			terraform.write(after)
			said, err := terraform.try("plan", "-out=saved")
			plan := core.Plan(t.Context(), after, Options{})
			if cycle := strings.Contains(said, "Error: Cycle"); cycle || err != nil {
				if errors := plan.Errors(); !cycle || len(errors) != 1 || errors[0].Summary != Cycle {
					t.Errorf("the plan fails with %s, with Terraform with %s", plan, said)
				}
				return
			}
			want := terraform.graph()
			have := orderOf(core, plan)
			for operation := range maps.Keys(mergedKeys(want, have)) {
				if !slices.Equal(want[operation], have[operation]) {
					t.Errorf("%s waits for %v, with Terraform for %v\nbefore:\n%s\nafter:\n%s", operation, have[operation], want[operation], before.HCL(), after.HCL())
				}
			}
		})
	}
}

func mergedKeys(a, b map[string][]string) map[string][]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// randomConfig is a handful of resources, of which later ones refer to earlier ones.
func randomConfig(chance *rand.Rand) Config {
	c := Config{Resources: map[string]Resource{}}
	for i := range 5 {
		name := fmt.Sprintf("%s.r%d", toyType, i)
		r := Resource{Arguments: map[string]any{"triggers_replace": "1"}, CreateBeforeDestroy: chance.IntN(4) == 0}
		if i > 0 && chance.IntN(3) > 0 {
			r.Arguments["input"] = ref(pickAddress(chance, c))
		}
		if i > 1 && chance.IntN(3) == 0 {
			r.DependsOn = []string{ResourceOf(pickAddress(chance, c))}
		}
		if chance.IntN(3) > 0 {
			c.Resources[name] = r
			continue
		}
		for n := range 1 + chance.IntN(3) {
			c.Resources[fmt.Sprintf("%s[%d]", name, n)] = r
		}
	}
	return c
}

// changedConfig replaces, changes, removes and frees some of the resources.
func changedConfig(chance *rand.Rand, before Config) Config {
	c := before.Clone()
	for _, address := range before.Addresses() {
		r := c.Resources[address]
		switch chance.IntN(5) {
		case 0:
			r.Arguments["triggers_replace"] = "2"
		case 1:
			if r.Arguments["input"] != nil {
				r.Arguments["input"] = "free"
			}
		}
		c.Resources[address] = r
	}
	if address := pickAddress(chance, c); chance.IntN(2) == 0 {
		remove(c, address)
	}
	return c
}

// remove takes an instance out with the last of a counted list, and has what refers
// to it do without.
func remove(c Config, address string) {
	resource, last := ResourceOf(address), address
	for other := range c.Resources {
		if ResourceOf(other) == resource && byKey(other, last) > 0 {
			last = other
		}
	}
	delete(c.Resources, last)
	for other, r := range c.Resources {
		if slices.Contains(References(r.Arguments), ref(last)) {
			r.Arguments["input"] = "free"
		}
		if !c.resources()[resource] {
			r.DependsOn = slices.DeleteFunc(slices.Clone(r.DependsOn), func(on string) bool { return on == resource })
			c.Resources[other] = r
		}
	}
}

func pickAddress(chance *rand.Rand, c Config) string {
	all := c.Addresses()
	return all[chance.IntN(len(all))]
}

// orderOf are the operations of a plan's apply, and which each waits for in the end.
func orderOf(c *Core, p *Plan) map[string][]string {
	w := &applying{walk: c.walk(nil, p.config, p.Refreshed, &Result{}), plan: p, first: map[string]bool{}} //nolint:staticcheck // nothing is run
	all := map[string][]string{}
	for _, n := range w.graph().nodes {
		waits := map[string]bool{}
		var visit func(*node)
		visit = func(n *node) {
			for other := range n.after {
				if !waits[operation(other.name)] {
					waits[operation(other.name)] = true
					visit(other)
				}
			}
		}
		visit(n)
		all[operation(n.name)] = slices.Sorted(maps.Keys(waits))
	}
	return all
}

// operation is an operation's name as it is in Terraform's graph, but for keys of
// deposed objects.
func operation(name string) string {
	address := name[strings.Index(name, toyType):]
	address, _, _ = strings.Cut(address, " (deposed")
	if strings.HasPrefix(name, "delete ") {
		return address + " (destroy)"
	}
	return address
}

// cli is the real CLI at work in a directory.
type cli struct {
	t         *testing.T
	dir, path string
}

func newCLI(t *testing.T) *cli {
	t.Helper()
	found, err := installed.Installed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &cli{t, t.TempDir(), found.Path}
}

func (c *cli) write(config Config) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, "main.tf"), []byte(config.HCL()), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cli) run(args ...string) string {
	c.t.Helper()
	said, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("terraform %v: %v\n%s", args, err, said)
	}
	return said
}

// try is what the CLI says, and its errors after it.
func (c *cli) try(args ...string) (string, error) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), c.path, append(args[:1:1], append([]string{"-no-color"}, args[1:]...)...)...)
	if args[0] == "graph" {
		command = exec.CommandContext(c.t.Context(), c.path, args...)
	}
	command.Dir = c.dir
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	return string(out) + said.String(), err
}

var (
	edge    = regexp.MustCompile(`"\[root\] (.*)" -> "\[root\] (.*)"`)
	deposed = regexp.MustCompile(` \(destroy deposed [0-9a-f]+\)`)
)

// graph is Terraform's own graph of the saved plan's apply: its operations, and which
// each waits for in the end.
func (c *cli) graph() map[string][]string {
	c.t.Helper()
	after := map[string][]string{}
	for _, found := range edge.FindAllStringSubmatch(c.run("graph", "-type=apply", "-plan=saved"), -1) {
		from, to := deposed.ReplaceAllString(found[1], " (destroy)"), deposed.ReplaceAllString(found[2], " (destroy)")
		after[from] = append(after[from], to)
	}
	isOperation := func(name string) bool {
		return strings.HasPrefix(name, toyType+".") && !strings.HasSuffix(name, " (expand)")
	}
	all := map[string][]string{}
	for from := range after {
		if !isOperation(from) {
			continue
		}
		waits, seen := []string{}, map[string]bool{}
		var visit func(string)
		visit = func(name string) {
			for _, other := range after[name] {
				if !seen[other] {
					seen[other] = true
					if isOperation(other) {
						waits = append(waits, other)
					}
					visit(other)
				}
			}
		}
		visit(from)
		slices.Sort(waits)
		all[from] = waits
	}
	return all
}
