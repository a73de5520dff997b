package examples_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// One configuration manages ten arrays, each by an alias of its own: by blocks in Terraform,
// by for_each in OpenTofu.
func TestEstateOfTenArrays(t *testing.T) {
	terraform, program, settings := prepare(t)
	clis := map[string]string{filepath.Base(terraform): terraform}
	if tofu, err := exec.LookPath("tofu"); err == nil {
		clis["tofu"] = tofu
	}
	for name, cli := range clis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuide(t, cli, program, settings)
			g.env = append(g.env, "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS=true")
			if err := os.CopyFS(g.dir, os.DirFS("estate")); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(g.dir, "arrays.auto.tfvars")
			text, err := os.ReadFile(filepath.Clean(file))
			if err != nil {
				t.Fatal(err)
			}
			arrays := map[string]*guide{}
			for n := 1; n <= 10; n++ {
				name := fmt.Sprintf("ibox%02d", n)
				array := simulator.Start(t, simulator.Options{Password: password, SystemName: name, Serial: n})
				arrays[name] = guideOf(t, cli, program, settings, array)
				text = bytes.ReplaceAll(text, []byte("https://"+name+".example.com"), []byte(array.URL()))
			}
			write(t, file, text)
			before := map[string]int{}
			for name, array := range arrays {
				before[name] = array.count("pools") + array.count("snapshot_policies")
			}
			g.must("get")
			g.must("test")
			for name, array := range arrays {
				if left := array.count("pools") + array.count("snapshot_policies") - before[name]; left != 0 {
					t.Errorf("%s has %d objects more after the tests", name, left)
				}
				made := 0
				for _, r := range array.array.Requests() {
					if r.Method == http.MethodPost && strings.HasSuffix(r.Route, "/pools") {
						made++
					}
				}
				if made != 1 {
					t.Errorf("%d pools were made on %s, want 1", made, name)
				}
			}
			if strings.HasPrefix(name, "tofu") {
				g.retires("ibox10", arrays)
			}
			if len(g.array.Requests()) > 0 {
				t.Errorf("an array was asked that no alias is for: %v", g.array.Requests())
			}
		})
	}
}

// retires takes an array out of an estate whose aliases are made from a map: what is on it
// goes first.
func (g *guide) retires(name string, arrays map[string]*guide) {
	g.Helper()
	g.must("apply", "-auto-approve")
	g.must("apply", "-auto-approve", "-var", fmt.Sprintf("retired=[%q]", name))
	for other, array := range arrays {
		if has, want := array.count("pools"), other != name; (has > 0) != want {
			g.Errorf("%s has %d pools when %s is retired", other, has, name)
		}
	}
	file := filepath.Join(g.dir, "arrays.auto.tfvars")
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		g.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.Contains(line, name+" =") })
	write(g.T, file, []byte(strings.Join(lines, "\n")))
	arrays[name].array.ResetRequests()
	g.must("destroy", "-auto-approve")
	if asked := arrays[name].array.Requests(); len(asked) > 0 {
		g.Errorf("%s is asked after it left: %v", name, asked)
	}
}
