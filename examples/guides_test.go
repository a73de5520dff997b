package examples_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What a guide says it does is done. A comment in it that a reader does not see says
// what is to be done with the block of HCL that follows:
//
//	run: apply           apply it in place of the configuration before; the plan after is empty
//	run: approved apply  the same, with dangerous operations approved
//	run: refused: TEXT   plan it, which is refused with the text
//	run: validate        validate it, without an array
//	run: module          the configuration that tests are of
//	run: test NAME       run it as tests/NAME.tftest.hcl
//	run: cli             plan with it as the CLI's configuration
//	run: mirror          have the CLI take the provider from the mirror that it names
//	run: init            initialise it, and validate
//	run: written: FILE   it is in that file, which takeover has written
//	run: actions         keep it beside what is applied, where the CLI knows actions
//	run: opentofu        validate it, where the CLI is OpenTofu
//
// and by itself:
//
//	others: PUT volumes/1001 {…}  somebody else asks that of the array
//	anew                          what follows is about another array, with nothing on it
//	quiet                         the plan is empty
//	heals: ADDRESS                the plan changes that object, and applied is empty
//	sites                         what follows is about two arrays with a network between them, ibox1 and ibox2
//	at: ibox2                     what follows is done there, in a configuration of its own
//	cut, mended                   the network between the two is
//	set: NAME ibox2 PATH          the variable is the id of that object
//	takeover                      the program writes the configuration of what is there, which is applied and quiet
//	invoke: ADDRESS METHOD PATH   that action; by the array's API where the CLI knows no actions
//
// In a path, {FIELD=VALUE} is the id of the object of the collection that has it.
var (
	comment = regexp.MustCompile(`^<!-- (run|others|heals|quiet|anew|sites|at|cut|mended|set|invoke|takeover)(?:: (.*))? -->$`)
	fence   = regexp.MustCompile("^```(hcl|terraform|tf)$")
)

func TestGuidesDoWhatTheySay(t *testing.T) {
	terraform, program, settings := prepare(t)
	guides, err := filepath.Glob("../templates/guides/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	for _, path := range guides {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".md"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			g := newGuide(t, terraform, program, settings)
			lines := strings.Split(string(text), "\n")
			verb := ""
			for i := 0; i < len(lines); i++ {
				said := comment.FindStringSubmatch(lines[i])
				switch {
				case said != nil && said[1] == "run":
					verb = said[2]
				case said != nil && said[1] == "anew":
					g = newGuide(t, terraform, program, settings)
				case said != nil && said[1] == "sites":
					g = newSites(t, terraform, program, settings)
				case said != nil && said[1] == "at":
					g = g.sites[said[2]]
				case said != nil:
					g.between(said[1], said[2])
				case fence.MatchString(lines[i]):
					if verb == "" {
						t.Fatalf("line %d: nothing says what is to be done with this block", i+1)
					}
					begin := i + 1
					for i++; lines[i] != "```"; i++ {
					}
					g.run(verb, strings.Join(lines[begin:i], "\n")+"\n")
					verb = ""
				}
			}
		})
	}
}

// guide is a reader who does what a guide says.
type guide struct {
	*testing.T
	terraform, program string
	dir                string
	env                []string
	array              *simulator.Simulator
	sites              map[string]*guide
}

// password is that of the arrays.
const password = "a-reader's"

func newGuide(t *testing.T, terraform, program, settings string) *guide {
	return guideOf(t, terraform, program, settings, simulator.Start(t, simulator.Options{Password: password}))
}

func guideOf(t *testing.T, terraform, program, settings string, array *simulator.Simulator) *guide {
	g := &guide{T: t, terraform: terraform, program: program, dir: t.TempDir(), array: array}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "INFINIBOX_") {
			g.env = append(g.env, v)
		}
	}
	g.env = append(g.env, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+settings,
		"INFINIBOX_ENDPOINT="+g.array.URL(), "INFINIBOX_USERNAME=admin", "INFINIBOX_PASSWORD="+password)
	return g
}

// cli runs the CLI, and returns its exit code and what it said.
func (g *guide) cli(arguments ...string) (int, string) {
	g.Helper()
	cmd := exec.CommandContext(g.Context(), g.terraform, append(arguments, "-no-color")...)
	cmd.Dir, cmd.Env = g.dir, g.env
	output, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		g.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(output)
}

func (g *guide) must(arguments ...string) {
	g.Helper()
	if code, said := g.cli(arguments...); code != 0 {
		g.Fatalf("terraform %s: exit code %d\n%s", strings.Join(arguments, " "), code, said)
	}
}

func (g *guide) quiet() {
	g.Helper()
	if code, said := g.cli("plan", "-detailed-exitcode"); code != 0 {
		g.Fatalf("the plan is not empty, exit code %d:\n%s", code, said)
	}
}

// configure replaces the configuration.
func (g *guide) configure(text string) {
	g.Helper()
	text = strings.ReplaceAll(text, "https://ibox1.example.com", g.array.URL())
	for name, site := range g.sites {
		text = strings.ReplaceAll(text, "https://"+name+".example.com", site.array.URL())
	}
	g.write("main.tf", text)
	declared := ""
	if !strings.Contains(text, "required_providers") {
		declared = declaration
	}
	g.write("versions.tf", declared)
}

func (g *guide) write(name, text string) string {
	g.Helper()
	path := filepath.Join(g.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		g.Fatal(err)
	}
	write(g.T, path, []byte(text))
	return path
}

func (g *guide) run(verb, text string) {
	g.Helper()
	verb, argument, _ := strings.Cut(verb, ": ")
	name, isTest := strings.CutPrefix(verb, "test ")
	switch {
	case isTest:
		test := "tests/" + name + ".tftest.hcl"
		g.write(test, text)
		g.must("test", "-filter="+test)
	case verb == "apply", verb == "approved apply":
		g.configure(text)
		env := g.env
		if verb != "apply" {
			g.env = append(g.env, "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS=true")
		}
		g.must("apply", "-auto-approve")
		g.env = env
		g.quiet()
	case verb == "refused":
		g.configure(text)
		if code, said := g.cli("plan"); code != 1 || !strings.Contains(said, argument) || argument == "" {
			g.Errorf("want a refusal with %q, exit code %d:\n%s", argument, code, said)
		}
	case verb == "written":
		got, err := os.ReadFile(filepath.Join(g.dir, argument))
		if err != nil || !strings.Contains(string(got), text) {
			g.Errorf("%s has not, %v:\n%s\nbut:\n%s", argument, err, text, got)
		}
	case verb == "validate":
		g.configure(text)
		g.must("validate")
	case verb == "opentofu":
		if acctest.Tool(g.T).OpenTofu() {
			g.configure(text)
			g.must("validate")
		}
	case verb == "actions":
		if g.knowsActions() {
			g.write("actions.tf", text)
			g.must("validate")
		}
	case verb == "module":
		g.configure(text)
	case verb == "cli":
		g.reads(text, "/home/me/terraform-provider-storage/bin", filepath.Dir(g.program))
		g.must("get")
		g.quiet()
	case verb == "mirror":
		mirror := g.TempDir()
		place := filepath.Join(mirror, acctest.Tool(g.T).Registry(), "storage-as-code", "storage", "1.0.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(place, 0o700); err != nil {
			g.Fatal(err)
		}
		if err := os.Symlink(g.program, filepath.Join(place, "terraform-provider-storage_v1.0.0")); err != nil {
			g.Fatal(err)
		}
		g.reads(text, "/usr/share/terraform/providers", mirror)
	case verb == "init":
		g.configure(text)
		g.must("init")
		g.must("validate")
	default:
		g.Fatalf("%q is nothing that can be done", verb)
	}
}

// reads has the CLI read a configuration of its own in which a path is another.
func (g *guide) reads(text, path, really string) {
	g.Helper()
	if !strings.Contains(text, path) {
		g.Fatalf("%s is not in:\n%s", path, text)
	}
	g.env = append(g.env, "TF_CLI_CONFIG_FILE="+g.write("cli.tfrc", strings.ReplaceAll(text, path, filepath.ToSlash(really))))
}

// takeover begins anew with the configuration that the program writes.
func (g *guide) takeover() {
	g.Helper()
	g.dir = filepath.Join(g.TempDir(), "ibox1")
	cmd := exec.CommandContext(g.Context(), g.program, "takeover", g.dir)
	cmd.Env = g.env
	if said, err := cmd.CombinedOutput(); err != nil {
		g.Fatalf("takeover: %v\n%s", err, said)
	}
	if code, said := g.cli("plan"); code != 0 || !strings.Contains(said, "0 to add, 0 to change, 0 to destroy") {
		g.Fatalf("the plan changes something, exit code %d:\n%s", code, said)
	}
	g.must("apply", "-auto-approve")
	g.quiet()
}

func (g *guide) between(verb, argument string) {
	g.Helper()
	switch verb {
	case "quiet":
		g.quiet()
	case "others":
		g.ask(argument)
	case "takeover":
		g.takeover()
	case "invoke":
		action, request, _ := strings.Cut(argument, " ")
		if !g.knowsActions() {
			g.ask(request)
			return
		}
		g.must("apply", "-auto-approve", "-invoke="+action)
	case "set":
		variable, rest, _ := strings.Cut(argument, " ")
		site, path, _ := strings.Cut(rest, " ")
		g.env = append(g.env, "TF_VAR_"+variable+"="+filepath.Base(g.sites[site].path(path)))
	case "cut":
		g.sites["ibox1"].array.CutLinks()
	case "mended":
		g.sites["ibox1"].array.RestoreLinks()
	case "heals":
		if code, said := g.cli("plan", "-detailed-exitcode"); code != 2 || !strings.Contains(said, argument) || !strings.Contains(said, "0 to add, 1 to change, 0 to destroy") {
			g.Fatalf("want a change of %s alone, exit code %d:\n%s", argument, code, said)
		}
		g.must("apply", "-auto-approve")
		g.quiet()
	}
}
