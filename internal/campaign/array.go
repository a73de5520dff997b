package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// contents are all objects of an array by collection, each as text, sorted. Ids
// are given as names, so that two arrays with the same objects read the same.
type contents map[string][]map[string]string

// numbers are what an array counts up with each object that it makes, also with one that
// is taken back.
var numbers = []string{"id", "nfs_filesystem_id"}

// isCounted reports whether a field tells how often things have happened on an array.
func isCounted(field string) bool {
	return slices.Contains(numbers, field) || field[0] == '_' && (strings.HasSuffix(field, "_guid") || strings.HasSuffix(field, "_version") || field == "_session_snapshots_id")
}

// names are what ids stand for, on the array itself and on the one at the other end of its
// links: objects by their names, and replicas, which have none, by what they copy.
type names struct{ here, there map[string]string }

// look reads all collections past the provider and the faults.
func look(t *testing.T, lab acctest.Simulated, paths []string) contents {
	t.Helper()
	rows, here := rowsOf(t, lab, paths)
	return rows.plain(names{here: here})
}

// rows are objects as the array tells them, by collection.
type rows map[string][]map[string]any

// rowsOf reads collections, and what the ids of their objects stand for.
func rowsOf(t *testing.T, lab acctest.Simulated, paths []string) (all rows, names map[string]string) {
	t.Helper()
	all, names = rows{}, map[string]string{}
	for _, path := range slices.Concat(paths, lab.Beside()) {
		all[path] = list(t, lab, path)
		for _, row := range all[path] {
			if name, ok := row["name"].(string); ok {
				names[fmt.Sprint(row["id"])] = path + " " + name
			}
			for _, label := range []string{"local_entity_name", "replication_group_name"} {
				if name, ok := row[label].(string); ok {
					names[replicaKey(path, row["id"])] = path + " of " + name
				}
			}
		}
	}
	return all, names
}

// replicaKey is a replica's id as names have it: some are as small as the ids of other things.
func replicaKey(path string, id any) string { return fmt.Sprint(path, "/", id) }

func (all rows) plain(known names) contents {
	c := contents{}
	for path, objects := range all {
		c[path] = []map[string]string{}
		for _, row := range objects {
			plain := map[string]string{}
			for field, value := range row {
				if !isCounted(field) {
					plain[field] = fmt.Sprint(known.in(path, field, value))
				}
			}
			c[path] = append(c[path], plain)
		}
		slices.SortFunc(c[path], func(a, b map[string]string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	}
	return c
}

func sortKey(row map[string]string) string {
	return strings.Join([]string{row["name"], row["volume_id"], row["host_id"], row["host_cluster_id"], row["object_id"], row["key"]}, "\x00")
}

// list is a whole collection, or a single object.
func list(t *testing.T, lab acctest.Simulated, path string) []map[string]any {
	t.Helper()
	all, err := lab.All(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// in puts names in the place of ids, and leaves ids of relations out.
func (known names) in(path, field string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		c := map[string]any{}
		for key, member := range v {
			if key != "id" {
				c[key] = known.in(path, key, member)
			}
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, member := range v {
			c[i] = known.in(path, field, member)
		}
		return c
	}
	of := known.here
	if strings.HasPrefix(field, "remote_") {
		of = known.there
	}
	if field == "id" || strings.HasSuffix(field, "_id") || field == "owners" {
		key := fmt.Sprint(value)
		if strings.HasSuffix(field, "replica_id") {
			key = replicaKey(path, value)
		}
		if name, ok := of[key]; ok {
			return name
		}
	}
	return value
}

// count is how many objects there are.
func (c contents) count() int {
	n := 0
	for _, rows := range c {
		n += len(rows)
	}
	return n
}

// differences are the fields in which two arrays of the same objects differ:
// "volumes name".
func (c contents) differences(other contents) map[string]string {
	all := map[string]string{}
	for path, rows := range c {
		if len(rows) != len(other[path]) {
			all[path] = fmt.Sprintf("there are %d %s, wanted %d", len(rows), path, len(other[path]))
			continue
		}
		for i, row := range rows {
			for field, value := range row {
				if wanted := other[path][i][field]; wanted != value {
					all[path+" "+field] = fmt.Sprintf("%s of %s %q is %s, wanted %s", field, path, row["name"], value, wanted)
				}
			}
		}
	}
	return all
}

// unlike are the differences but for the fields that differ also between two
// undisturbed runs.
func (c contents) unlike(wanted contents, moving map[string]string) []string {
	differences := c.differences(wanted)
	for field := range moving {
		delete(differences, field)
	}
	return slices.Sorted(maps.Values(differences))
}
