package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/replication"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, replication.Area(), area.Tests{
		Tables: map[string]acctest.Table{"replica": replicaTable, "replication_group": replicationGroupTable, "rg_replica": rgReplicaTable},
		Apart:  map[string]func(*testing.T){"link": TestAccLink},
		Faults: map[string]acctest.Table{"link": linksOfTheFaults, "replica": replicasOfTheFaults},
		Actions: map[string]acctest.Action{
			"link_refresh": refreshed, "replica_sync": synchronized, "replica_switch_role": switched, "replica_change_role": roleChanged,
			"replication_group_member_remove": memberRemoved, "rg_replica_sync": groupSynchronized, "remote_call": remoteCalled,
		},
		Questions: questions,
		Walk:      estate(),
	})
}

// What the tests here are written with.
var (
	put, bad = acctest.Put, acctest.BadValue
	resource = acctest.ArrayResource
)

// on writes a resource of the array that the provider has under an alias.
func on(alias, kind, label string, arguments acctest.Attrs) string {
	return resource(kind, label, acctest.Attrs{"provider": acctest.Expr("storage." + alias)}.With(arguments))
}

// imported writes an import into the resource of that array which is labelled alike.
func imported(alias, kind string, id any) string {
	return acctest.Attrs{"to": acctest.Expr("storage_infinibox_" + kind + "." + alias), "id": fmt.Sprint(id)}.Block("import")
}

// linked are two arrays with a link between them.
func linked(t *testing.T) *acctest.Pair {
	t.Helper()
	return acctest.SimulatePair(t, simulator.Options{}).Link()
}

// holds that an object of an array has these values.
func holds(t *testing.T, b *acctest.Site, path string, want acctest.Attrs) {
	t.Helper()
	o := b.Must("GET", path, nil)
	for name, value := range want {
		if fmt.Sprint(o[name]) != fmt.Sprint(value) {
			t.Errorf("%s: %s is %v, want %v", path, name, o[name], value)
		}
	}
}
