package examples_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A module's tests pass on arrays with a network between them, and leave nothing there.
func TestModulesPassTheirTests(t *testing.T) {
	terraform, program, settings := prepare(t)
	suites, err := filepath.Glob("modules/*/tests")
	if err != nil || len(suites) == 0 {
		t.Fatalf("no modules: %v", err)
	}
	for _, suite := range suites {
		module := filepath.Dir(suite)
		t.Run(filepath.Base(module), func(t *testing.T) {
			t.Parallel()
			g := newSites(t, terraform, program, settings)
			g.sites["ibox2"].do("POST", "pools", map[string]any{"name": "copies", "physical_capacity": 10_000_000_000_000})
			if err := os.CopyFS(g.dir, os.DirFS(module)); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(g.dir, "tests", "*.tftest.hcl"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no tests: %v", err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				write(t, file, bytes.ReplaceAll(text, []byte("https://ibox2.example.com"), []byte(g.sites["ibox2"].array.URL())))
			}
			before := map[string]int{}
			for name, site := range g.sites {
				for _, path := range made {
					before[name+" "+path] = site.count(path)
				}
			}
			g.must("get")
			g.must("test")
			for name, site := range g.sites {
				for _, path := range made {
					want := before[name+" "+path] + stays[filepath.Base(module)+" "+name+" "+path]
					if after := site.count(path); after != want {
						t.Errorf("%s has %d %s after the tests, want %d", name, after, path, want)
					}
				}
			}
		})
	}
}

// made are the collections that modules make objects of.
var made = []string{"pools", "volumes", "filesystems", "exports", "cgs", "hosts", "clusters", "snapshot_policies", "links", "replicas"}

// stays is what tests cannot delete, by module, array and collection: copies outlive their
// replica.
var stays = map[string]int{"disaster-recovery ibox2 volumes": 2, "disaster-recovery ibox2 cgs": 1}

// count is how many objects a collection has.
func (g *guide) count(path string) int {
	g.Helper()
	_, answer, err := g.array.Do("GET", path, nil)
	objects, ok := answer.([]any)
	if err != nil || !ok {
		g.Fatalf("GET %s: %v, %v", path, answer, err)
	}
	return len(objects)
}
