package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Who is to approve a deletion reads what the array deletes with it, by name: snapshots, and
// what was taken of these, such as clones that are in use.
func TestAccLostWithVolume(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	cli := acctest.NewCLI(t)
	volume := resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB"})
	snapshot := resource("volume_snapshot", "s0", acctest.Attrs{"name": "s0", "parent_id": acctest.Expr("storage_infinibox_volume.v.id")})
	cli.Apply(b.Provider(nil), volume, snapshot).Succeeds(t)
	id, first := idsOf(t, b, "volumes?type=eq:MASTER")[0], idsOf(t, b, "volumes?type=eq:SNAPSHOT")[0]
	taken := func(name string, parent any) any {
		return b.Create("volumes", map[string]any{"name": name, "parent_id": parent, "write_protected": false})
	}
	for i := range 6 {
		taken(fmt.Sprintf("s%d", i+1), id)
	}
	clone := taken("clone", first)
	taken("clone-of-clone", clone)
	other := newVolume(b, "other", pool)
	taken("of-other", other)

	cli.Plan(b.Provider(nil)).Refuses(t, `Lost with it: "s0", "s1", "s2", "s3", "s4" and 2 more.`, `taken of them: "clone", "clone-of-clone".`)
	run := cli.Plan(b.Provider(nil), volume).Refuses(t, `Lost with it: "clone".`, `taken of them: "clone-of-clone".`)
	if text := run.String(); strings.Contains(text, "of-other") || strings.Contains(text, `"s1"`) {
		t.Errorf("the deletion of a snapshot names what stays: %s", text)
	}
}
