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

// beside are collections that no entity has and objects are in.
var beside = []string{"users", "metadata"}

// numbers are what an array counts up with each object that it makes, also with one that
// is taken back.
var numbers = []string{"id", "nfs_filesystem_id", "_consistent_guid"}

// look reads all collections past the provider and the faults.
func look(t *testing.T, lab acctest.Lab, paths []string) contents {
	t.Helper()
	rows := map[string][]map[string]any{}
	names := map[string]string{}
	for _, path := range paths {
		rows[path] = list(t, lab, path)
		for _, row := range rows[path] {
			if name, ok := row["name"].(string); ok {
				names[fmt.Sprint(row["id"])] = path + " " + name
			}
		}
	}
	c := contents{}
	for path, all := range rows {
		c[path] = []map[string]string{}
		for _, row := range all {
			plain := map[string]string{}
			for field, value := range row {
				if !slices.Contains(numbers, field) {
					plain[field] = fmt.Sprint(named(field, value, names))
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

// list is a whole collection, or a single object; what the simulator does not have
// is empty.
func list(t *testing.T, lab acctest.Lab, path string) []map[string]any {
	t.Helper()
	var all []map[string]any
	result, err := lab.Do("GET", path+"?page_size=1000", nil)
	if err != nil && !strings.HasPrefix(err.Error(), "UNKNOWN_PATH") {
		t.Fatalf("GET %s: %v", path, err)
	}
	rows, several := result.([]any)
	if !several {
		rows = []any{result}
	}
	for _, row := range rows {
		if object, ok := row.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all
}

// named puts names in the place of ids, and leaves ids of relations out.
func named(field string, value any, names map[string]string) any {
	switch v := value.(type) {
	case map[string]any:
		c := map[string]any{}
		for key, member := range v {
			if key != "id" {
				c[key] = named(key, member, names)
			}
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, member := range v {
			c[i] = named(field, member, names)
		}
		return c
	}
	if field == "id" || strings.HasSuffix(field, "_id") || field == "owners" {
		if name, ok := names[fmt.Sprint(value)]; ok {
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
