package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func clusters(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	var members []any
	for i := range 5 {
		members = append(members, newHost(b, fmt.Sprintf("member%d", i)))
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_host_cluster", Plural: "host_clusters", Path: "clusters",
		Least: acctest.Attrs{"name": name},
		Most:  acctest.Attrs{"name": name, "host_type": "DEFAULT", "host_ids": members[:2]},
		Changes: map[string]acctest.Change{
			"name":      {Through: []any{name, b.Name("renamed")}, Drift: put("clusters", "name", b.Name("drifted"))},
			"host_type": {Through: []any{"DEFAULT", "OPENVMS"}, Replaces: true},
			"host_ids": {
				Through: []any{members[2:4], members[3:4], members[2:4]}, Danger: "A host that leaves the cluster loses access",
				Drift: post("clusters", "hosts", map[string]any{"id": members[4]}),
			},
		},
		Bad: append(badNames(), bad("host_type", "WINDOWS", "use one of DEFAULT, OPENVMS")),
	}
}
