// Package area tests a package of entities whole, with one call: each resource by its
// table, each action and each data source by what it does, all of them under every
// fault and in a walk of random changes. What has no test fails by its name.
package area

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Tests are what an area's tests are made of.
type Tests struct {
	// Tables are the standard tests of resources, by kind.
	Tables map[string]acctest.Table
	// Apart are the resources that no table fits, each with the test that it has instead.
	Apart map[string]func(*testing.T)
	// Faults are the tables that the faults have in place of those of Tables, or beside
	// them for what is Apart.
	Faults map[string]acctest.Table
	// Actions are by name.
	Actions map[string]acctest.Action
	// Questions are put to the look-ups, and to the data sources of what is no resource.
	Questions func(t *testing.T) (acctest.Lab, []acctest.Question)
	// Walk is the estate that random changes are made in. Its tables are in place of
	// those of Tables, or beside them.
	Walk *walk.Estate
	// WithoutFaults and WithoutWalk say why there are none; "" where there are.
	WithoutFaults, WithoutWalk string
}

// Run tests an area.
func Run(t *testing.T, a entity.Area, of Tests) {
	t.Helper()
	if of.Walk != nil {
		estate := *of.Walk
		estate.Tables = over(of.Tables, of.Walk.Tables)
		of.Walk = &estate
	}
	var questions []acctest.Question
	var asked acctest.Lab
	if of.Questions != nil {
		asked, questions = of.Questions(t)
	}
	for _, flaw := range slices.Concat(untested(a, of, questions), withoutExample(a, root(t))) {
		t.Error(flaw)
	}
	t.Run("entities", func(t *testing.T) {
		for name, table := range of.Tables {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				acctest.Run(t, table)
			})
		}
	})
	t.Run("actions", func(t *testing.T) {
		for _, action := range a.Actions {
			if test := of.Actions[action.Name]; test != nil {
				t.Run(action.Name, func(t *testing.T) {
					t.Parallel()
					acctest.RunAction(t, typeName(action.System, action.Name), test)
				})
			}
		}
	})
	t.Run("data sources", func(t *testing.T) {
		if len(questions) > 0 {
			acctest.RunQuestions(t, asked, questions)
		}
	})
	if acctest.OnReal() {
		return // nobody breaks a real system
	}
	t.Run("states", func(t *testing.T) { states(t, over(of.Faults, of.Tables)) })
	t.Run("faults", func(t *testing.T) {
		if of.WithoutFaults != "" {
			t.Skip(of.WithoutFaults)
		}
		campaign.Run(t, a.Kinds, over(of.Tables, of.Faults))
	})
	t.Run("changes", func(t *testing.T) {
		if of.Walk == nil {
			t.Skip(of.WithoutWalk)
		}
		walk.Run(t, *of.Walk)
	})
}

// over are tables with others in the place of some.
func over(tables, others map[string]acctest.Table) map[string]acctest.Table {
	all := map[string]acctest.Table{}
	maps.Copy(all, tables)
	maps.Copy(all, others)
	return all
}

// untested says what of an area has no test, and which tests have nothing to test.
func untested(a entity.Area, of Tests, questions []acctest.Question) []string {
	var flaws []string
	flaw := func(format string, values ...any) { flaws = append(flaws, fmt.Sprintf(format, values...)) }
	asked := map[string]bool{}
	for _, q := range questions {
		asked[q.Source] = true
	}
	known, invoked := map[string]bool{}, map[string]bool{}
	for _, k := range a.Kinds {
		known[k.Name] = true
		if !k.IsManaged() {
			for source, is := range map[string]bool{k.Name: k.IsFound(), k.Plural: k.IsListed()} {
				if is && !asked[source] {
					flaw("no question is put to the data source %s", source)
				}
			}
			continue
		}
		table := of.Tables[k.Name] != nil
		if has := table || of.Apart[k.Name] != nil; !has {
			flaw("the resource %s has no table, and is not said to be Apart", k.Name)
		}
		if table && of.Apart[k.Name] != nil {
			flaw("the resource %s has a table, and is said to be Apart", k.Name)
		}
		if of.WithoutFaults == "" && !table && of.Faults[k.Name] == nil {
			flaw("the resource %s is under no faults", k.Name)
		}
		if of.Walk != nil && of.Walk.Tables[k.Name] == nil && of.Walk.Aside[k.Name] == "" {
			flaw("the resource %s is not in the walk, and not said to be Aside", k.Name)
		}
	}
	if of.Walk == nil && of.WithoutWalk == "" {
		flaw("there is no walk, and nothing says why")
	}
	for _, action := range a.Actions {
		invoked[action.Name] = true
		if of.Actions[action.Name] == nil {
			flaw("nothing invokes the action %s", action.Name)
		}
	}
	for _, l := range a.Lookups {
		if !asked[l.Name] {
			flaw("no question is put to the data source %s", l.Name)
		}
	}
	for what, names := range map[string][]string{
		"Tables": slices.Collect(maps.Keys(of.Tables)), "Apart": slices.Collect(maps.Keys(of.Apart)), "Faults": slices.Collect(maps.Keys(of.Faults)),
	} {
		for _, name := range names {
			if !known[name] {
				flaw("%s has %s, which the area has not", what, name)
			}
		}
	}
	for name := range of.Actions {
		if !invoked[name] {
			flaw("Actions has %s, which the area has not", name)
		}
	}
	slices.Sort(flaws)
	return flaws
}

// withoutExample says which examples are missing, of those that the docs show.
func withoutExample(a entity.Area, root string) []string {
	var files []string
	for _, k := range a.Kinds {
		one, many := typeName(k.System, k.Name), typeName(k.System, k.Plural)
		if k.IsManaged() {
			files = append(files, "resources/"+one+"/resource.tf", "resources/"+one+"/import.sh")
		}
		if k.IsFound() {
			files = append(files, "data-sources/"+one+"/data-source.tf")
		}
		if k.IsListed() {
			files = append(files, "data-sources/"+many+"/data-source.tf")
		}
		if k.IsQueried() {
			files = append(files, "list-resources/"+one+"/list-resource.tfquery.hcl")
		}
	}
	for _, action := range a.Actions {
		files = append(files, "actions/"+typeName(action.System, action.Name)+"/action.tf")
	}
	for _, l := range a.Lookups {
		files = append(files, "data-sources/"+typeName(l.System, l.Name)+"/data-source.tf")
	}
	var flaws []string
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(root, "examples", file)); err != nil {
			flaws = append(flaws, "there is no example examples/"+file)
		}
	}
	return flaws
}

func typeName(system, name string) string { return "storage_" + system + "_" + name }

// root is where the repository is.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("these tests run within the repository, whose examples they look at")
		}
		dir = filepath.Dir(dir)
	}
}
