package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// newTreeQ makes a TreeQ of a filesystem.
func newTreeQ(b *acctest.InfiniBox, filesystem any, name string) any {
	return b.Must("POST", fmt.Sprintf("filesystems/%v/treeqs", filesystem), map[string]any{"name": name, "path": "/" + name})["id"]
}

func treeqs(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := b.NewPool("pool")
	filesystem, other := b.NewFilesystem("filesystem", pool), b.NewFilesystem("other", pool)
	windows := b.Create("filesystems", map[string]any{"name": b.Name("windows"), "pool_id": pool, "size": 1_000_000_000, "security_style": "WINDOWS"})
	name := acctest.Name(b)
	directory := func(label string, _ int) any { return "/" + b.Name(label) }
	path := func(o acctest.Object) string {
		return fmt.Sprintf("filesystems/%v/treeqs/%v", o["filesystem_id"], o["id"])
	}
	put := func(field string, value any) func(acctest.Object) acctest.Request {
		return func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "PUT", Path: path(o), Body: map[string]any{field: value}}
		}
	}
	bad := acctest.BadValue
	least := acctest.Attrs{"filesystem_id": filesystem, "name": name, "path": acctest.Own(directory)}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_treeq", Plural: "treeqs",
		Key: []string{"filesystem_id", "id"}, Owners: []string{"filesystem_id"},
		Gone:     func(o acctest.Object) acctest.Request { return acctest.Request{Method: "DELETE", Path: path(o)} },
		Deleting: "The directory goes with its TreeQ, and the files in it are lost",
		Least:    least,
		Most: least.With(acctest.Attrs{
			"soft_capacity": "500MB", "hard_capacity": "1GB", "soft_inodes": 2, "hard_inodes": 1_000_000_000_000_000_000,
		}),
		Changes: map[string]acctest.Change{
			"filesystem_id": {Through: []any{filesystem, windows, other}, Replaces: true},
			"name":          {Through: []any{name, b.Name("renamed")}, Drift: put("name", b.Name("drifted"))},
			"path":          {Through: []any{"/" + b.Name("before"), "/" + b.Name("after")}, Replaces: true},
			"mode":          {Through: []any{"0755", "700"}, Replaces: true},
			"soft_capacity": {Through: []any{"500MB", "2GiB", nil, "1GB"}, Drift: put("soft_capacity", 700_000_000)},
			"hard_capacity": {
				Through: []any{"1GB", "2GB", nil, "1GB"}, Beside: acctest.Attrs{"soft_capacity": "900MB"}, Drift: put("hard_capacity", 5_000_000_000),
			},
			"soft_inodes": {Through: []any{2, 100, nil, 50}, Drift: put("soft_inodes", 70)},
			"hard_inodes": {Through: []any{3, 100, nil, 50}, Beside: acctest.Attrs{"soft_inodes": 2}, Drift: put("hard_inodes", nil)},
		},
		Together: []acctest.Attrs{
			{"soft_capacity": "1GB", "hard_capacity": "2GB", "soft_inodes": 10, "hard_inodes": 20},
			{"soft_capacity": "3GB", "hard_capacity": "4GB", "soft_inodes": 30, "hard_inodes": 40},
			{"soft_capacity": "1GB", "hard_capacity": "2GB", "soft_inodes": 10, "hard_inodes": 20},
		},
		Bad: append(acctest.BadNames(),
			bad("path", "projects", "is no directory"),
			bad("path", "/", "is no directory"),
			bad("path", "/..", "is no directory"),
			bad("path", "/a/b", "is not in the root"),
			bad("path", "/"+strings.Repeat("x", 255), "at most 255"),
			bad("mode", "rwx", "three or four octal digits"),
			bad("soft_capacity", "499MB", "the smallest is 500MB"),
			bad("hard_capacity", "999MB", "the smallest is 1GB"),
			acctest.Bad{
				Attribute: "hard_capacity", Says: "must be above soft_capacity by at least 100MB",
				Set: acctest.Attrs{"soft_capacity": "1GB", "hard_capacity": "1099MB"},
			},
			bad("soft_inodes", 1, "between 2 and"),
			bad("hard_inodes", 2, "between 3 and"),
			acctest.Bad{Attribute: "hard_inodes", Says: "must be above soft_inodes", Set: acctest.Attrs{"soft_inodes": 10, "hard_inodes": 10}},
		),
	}
}

// treeqOf writes a TreeQ of a filesystem.
func treeqOf(filesystem any, more acctest.Attrs) string {
	return resource("treeq", "t", acctest.Attrs{"filesystem_id": filesystem, "name": "projects", "path": "/projects"}.With(more))
}

const theTreeQ = "storage_infinibox_treeq.t"

// All limits pass each other's old values, and the name changes, in one apply.
func TestAccTreeQLimits(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	limits := func(name, soft, hard string, softInodes, hardInodes int) string {
		return treeqOf(filesystem, acctest.Attrs{"name": name, "soft_capacity": soft, "hard_capacity": hard, "soft_inodes": softInodes, "hard_inodes": hardInodes})
	}
	cli := acctest.NewCLI(t)
	for _, config := range []string{
		limits("a", "500MB", "1GB", 2, 3), limits("b", "2GB", "3GB", 10, 20), limits("c", "600MB", "1GB", 4, 5), treeqOf(filesystem, acctest.Attrs{"name": "c"}),
	} {
		b.Simulator.ResetRequests()
		cli.Apply(b.Provider(nil), config).Succeeds(t)
		if n := b.Requests("PUT", ""); n > 2 {
			t.Errorf("%d requests where one for the name and one for the limits do", n)
		}
		cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	}
}

// A TreeQ goes with the filesystem that is replaced, and is made anew on the other.
func TestAccTreeQOfReplacedFilesystem(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	config := func(style string, approved any) string {
		return resource("filesystem", "f", acctest.Attrs{"name": "fs", "pool_id": pool, "size": "1GB", "security_style": style, "approved": approved}) +
			treeqOf(of("filesystem.f"), acctest.Attrs{"hard_capacity": "1GB"})
	}
	approve := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(approve, config("UNIX", nil)).Succeeds(t)
	cli.Plan(b.Provider(nil), config("WINDOWS", true)).Refuses(t, `Replacing TreeQ "projects"`, "the files in it are lost", "filesystem_id is known only after apply")
	cli.Apply(approve, config("WINDOWS", nil)).Succeeds(t).Plans(t, map[string]string{theTreeQ: "replace", "storage_infinibox_filesystem.f": "replace"})
	cli.Plan(approve, config("WINDOWS", nil)).Succeeds(t).Plans(t, map[string]string{})
}

// A name that another TreeQ has, and a TreeQ that is exported: the errors say what to do.
func TestAccTreeQRefusals(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	id := newTreeQ(b, filesystem, "projects")
	approve := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	acctest.NewCLI(t).Apply(b.Provider(nil), treeqOf(filesystem, acctest.Attrs{"path": "/other"})).
		Refuses(t, `Could not create TreeQ "projects"`, fmt.Sprintf("terraform import storage_infinibox_treeq.NAME 'filesystem_id=%v,id=%v'", filesystem, id))
	export := b.Create("exports", map[string]any{"filesystem_id": filesystem, "export_path": "/p", "inner_path": "/projects"})
	for _, by := range []string{fmt.Sprintf("id=%v", id), "name=projects"} {
		cli := acctest.NewCLI(t)
		cli.Write(b.Provider(nil), treeqOf(filesystem, nil))
		if err := cli.Import(theTreeQ, fmt.Sprintf("filesystem_id=%v,%s", filesystem, by)); err != nil {
			t.Fatalf("%s: %v", by, err)
		}
		cli.Plan(b.Provider(nil), treeqOf(filesystem, nil)).Succeeds(t).Plans(t, map[string]string{})
		cli.Apply(approve).Refuses(t, "It is exported: /p", fmt.Sprintf("(id %v)", export))
	}
}

// A TreeQ of a write-protected filesystem does not go: the plan says so, and both say what
// to apply first.
func TestAccTreeQOfProtectedFilesystem(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	filesystem := func(protected bool) string {
		return resource("filesystem", "f", acctest.Attrs{"name": "fs", "pool_id": pool, "size": "1GB", "write_protected": protected})
	}
	treeq := treeqOf(of("filesystem.f"), nil)
	approve := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(approve, filesystem(false), treeq).Succeeds(t)
	cli.Apply(approve, filesystem(true), treeq).Succeeds(t)
	const first = "Set write_protected = false on the filesystem and apply that first"
	run := cli.Apply(approve, filesystem(true))
	run.Refuses(t, "TREEQ_FILESYSTEM_READ_ONLY", first)
	run.Warns(t, "the array deletes no TreeQ of it", first)
	cli.Apply(approve, filesystem(false), treeq).Succeeds(t)
	cli.Apply(approve, filesystem(false)).Succeeds(t).Plans(t, map[string]string{theTreeQ: "delete"})
}
