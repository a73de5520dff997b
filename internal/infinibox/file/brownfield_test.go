package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// byHand are three filesystems on which somebody has made 300 TreeQs, every second one
// with limits, and 60 exports, every second one with rules.
func byHand(t *testing.T) (b *acctest.InfiniBox, filesystems []any) {
	t.Helper()
	b = acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	for f := range 3 {
		filesystem := b.NewFilesystem(fmt.Sprintf("fs%d", f), pool)
		filesystems = append(filesystems, filesystem)
		for n := range 100 {
			treeq := map[string]any{"name": fmt.Sprintf("project%03d", n), "path": fmt.Sprintf("/project%03d", n)}
			if n%2 == 0 {
				treeq["soft_capacity"], treeq["hard_capacity"], treeq["hard_inodes"] = 700_000_000, 1_000_000_000, 1_000_000
			}
			b.Must("POST", fmt.Sprintf("filesystems/%v/treeqs", filesystem), treeq)
		}
		for n := range 20 {
			export := map[string]any{"filesystem_id": filesystem, "export_path": fmt.Sprintf("/fs%d/project%03d", f, n), "inner_path": fmt.Sprintf("/project%03d", n)}
			if n%2 == 0 {
				export["permissions"] = []any{map[string]any{"access": "RW", "client": fmt.Sprintf("192.0.2.%d", n), "no_root_squash": false}}
			}
			b.Create("exports", export)
		}
	}
	return b, filesystems
}

// generated is a configuration that imports what a query has found, as terraform query
// writes it: each with what it was found with.
func generated(kind string, found []acctest.Found, importID func(acctest.Object) string) string {
	var config strings.Builder
	for i, one := range found {
		label := fmt.Sprintf("all_%v_%d", one.Resource["filesystem_id"], i)
		arguments := acctest.Attrs{}
		for name, value := range one.Resource {
			if value != nil && name != "id" && name != "created_at" {
				arguments[name] = value
			}
		}
		config.WriteString(resource(kind, label, arguments))
		fmt.Fprintf(&config, "import {\n  to = storage_infinibox_%s.%s\n  id = %q\n}\n", kind, label, importID(one.Resource))
	}
	return config.String()
}

// What was made by hand is queried, imported and planned empty, all by listings: one a
// filesystem for its TreeQs, and one for the exports.
func TestAccBrownfield(t *testing.T) {
	t.Parallel()
	b, filesystems := byHand(t)
	server := acctest.NewServer(t, b)
	b.Sent()
	query := func(kind string, scope acctest.Attrs, want int) []acctest.Found {
		t.Helper()
		found, problems := server.List("storage_infinibox_"+kind, scope, 1000, true)
		if problems.Failed() || len(found) != want {
			t.Fatalf("found %d of kind %s: %s", len(found), kind, problems)
		}
		return found
	}
	var treeqs []acctest.Found
	for _, filesystem := range filesystems {
		treeqs = append(treeqs, query("treeq", acctest.Attrs{"filesystem_id": filesystem}, 100)...)
	}
	exports := query("export", nil, 60)
	if sent := b.Sent(); len(sent) != 4 {
		t.Errorf("the query took %d requests: %q", len(sent), sent)
	}

	cli := acctest.NewCLI(t)
	config := generated("export", exports, func(o acctest.Object) string { return fmt.Sprint(o["id"]) }) +
		generated("treeq", treeqs, func(o acctest.Object) string {
			return fmt.Sprintf("filesystem_id=%v,id=%v", o["filesystem_id"], o["id"])
		})
	actions := cli.Apply(b.Provider(nil), config).Succeeds(t).Actions
	if len(actions) != 360 {
		t.Errorf("the import is of %d objects", len(actions))
	}
	for address, action := range actions {
		if action != "import" {
			t.Errorf("the import is to %s %s", action, address)
		}
	}
	handful := func(doing string) {
		t.Helper()
		// Of each list, the first object is asked for alone: it may be all that there is.
		if sent := b.Sent(); len(sent) > 8 {
			t.Errorf("%s took %d requests: %q", doing, len(sent), sent)
		}
	}
	handful("the import")
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	handful("the plan")
}
