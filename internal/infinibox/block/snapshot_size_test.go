package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A snapshot begins with the size of what it is taken of, and grows where it can be written
// to.
func TestAccSnapshotSize(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	config := func(volume string, snapshot acctest.Attrs) []string {
		return []string{
			provider,
			resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": volume}),
			resource("volume_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": acctest.Expr("storage_infinibox_volume.v.id")}.With(snapshot)),
		}
	}
	size := func(of string) any {
		found, err := b.Do("GET", "volumes?name=eq:"+of, nil)
		if err != nil {
			t.Fatal(err)
		}
		return found.([]any)[0].(map[string]any)["size"]
	}
	// The size of the volume, however it is written, asks for nothing.
	cli.Apply(config("2GB", acctest.Attrs{"size": acctest.Expr("storage_infinibox_volume.v.size")})...).Succeeds(t)
	if n := b.Requests("PUT", ""); n > 0 {
		t.Errorf("%d changes after the creations", n)
	}
	cli.Plan(config("2GB", acctest.Attrs{"size": "3GB"})...).Refuses(t, "size cannot be changed now", "write_protected is false")
	cli.Plan(config("2GB", acctest.Attrs{"size": "1GB"})...).Refuses(t, "cannot shrink")
	cli.Apply(config("2GB", acctest.Attrs{"size": "3GB", "write_protected": false, "force_resize": true})...).Succeeds(t)
	if got := fmt.Sprint(size("s")); got != "3000000000" {
		t.Errorf("the snapshot has %s", got)
	}
	if n := asked(b, "PUT", "", "force_resize=true"); n != 1 {
		t.Errorf("%d changes were forced, want 1", n)
	}
	cli.Plan(config("2GB", nil)...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_volume_snapshot.s": "update"}) // force_resize goes

	// A new one that is larger from the start, or that cannot be.
	another := func(arguments acctest.Attrs) []string {
		return append(config("2GB", nil), resource("volume_snapshot", "t", acctest.Attrs{"name": "t", "parent_id": acctest.Expr("storage_infinibox_volume.v.id")}.With(arguments)))
	}
	cli.Plan(another(acctest.Attrs{"size": "1GB"})...).Refuses(t, "A snapshot cannot be smaller than what it is taken of", "2GB")
	cli.Plan(another(acctest.Attrs{"size": "4GB"})...).Succeeds(t).Warns(t, "A write-protected snapshot does not grow")
	cli.Apply(another(acctest.Attrs{"size": "4GB"})...).Refuses(t, "SNAP_RESIZE_NOT_ALLOWED")
	cli.Apply(another(acctest.Attrs{"size": "4GB", "write_protected": false})...).Succeeds(t)
	if got := fmt.Sprint(size("t")); got != "4000000000" {
		t.Errorf("the new snapshot has %s", got)
	}

	// A volume is forced too.
	cli.Apply(provider, resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "5GB", "force_resize": true})).Succeeds(t)
	if n := asked(b, "PUT", "", "force_resize=true"); n != 2 {
		t.Errorf("%d changes were forced, want 2", n)
	}
}

// Snapshots that are taken together have the names that they are told, and the others
// those that are made of the volumes'.
func TestAccNamesOfGroupSnapshot(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes := newVolumes(b, newPool(b, "pool"), 3)
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	name := func(volume any, name string) acctest.Attrs {
		return acctest.Attrs{"volume_id": volume, "snap_name": name}
	}
	config := resource("volume_group_snapshot", "s", acctest.Attrs{
		"volume_ids": volumes, "snap_suffix": "-s", "snap_names": []any{name(volumes[1], "special")},
	}) + resource("volume_group_snapshot", "all", acctest.Attrs{
		"volume_ids": volumes[:1], "snap_names": []any{name(volumes[0], "first")},
	}) + resource("volume_group_snapshot", "again", acctest.Attrs{
		"volume_ids": volumes[:1], "snap_names": []any{name(volumes[0], "second")},
	})
	cli.Apply(provider, config).Succeeds(t)
	cli.Plan(provider, config).Succeeds(t).Plans(t, map[string]string{})
	found, err := b.Do("GET", "volumes?type=eq:SNAPSHOT&sort=name", nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []any
	for _, o := range found.([]any) {
		names = append(names, o.(map[string]any)["name"])
	}
	if fmt.Sprint(names) != "[first second special v0-s v2-s]" {
		t.Errorf("the snapshots are %v", names)
	}
}

// The tenant of a pool and of a host is told once, at creation.
func TestAccTenant(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	config := func(tenant any) []string {
		return []string{
			b.Provider(nil),
			resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB", "tenant_id": tenant}),
			resource("host", "h", acctest.Attrs{"name": "h", "tenant_id": tenant}),
		}
	}
	cli.Apply(config(2)...).Refuses(t, "TENANT_NOT_FOUND")
	cli.Apply(config(1)...).Succeeds(t)
	for _, tenant := range []any{1, nil} {
		cli.Plan(config(tenant)...).Succeeds(t).Plans(t, map[string]string{})
	}
	cli.Plan(config(2)...).Refuses(t, "tenant_id changes from 1 to 2")
}

// Hosts know a volume by what the data sources tell, in the form that multipath shows.
func TestAccWWID(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volume := newVolume(b, "v", pool)
	snapshot := b.Create("volumes", map[string]any{"name": "s", "parent_id": volume})
	filesystem := b.Create("filesystems", map[string]any{"name": "f", "pool_id": pool, "size": 1_000_000_000})
	server := acctest.NewServer(t, b)
	for source, id := range map[string]any{"volume": volume, "volume_snapshot": snapshot, "dataset": volume} {
		o, problems := server.Look("storage_infinibox_"+source, acctest.Attrs{"id": id})
		serial := b.Must("GET", fmt.Sprintf("volumes/%v", id), nil)["serial"]
		if problems.Failed() || o["wwid"] != fmt.Sprintf("36%v", serial) || len(fmt.Sprint(o["wwid"])) != 33 || o["nguid"] == nil {
			t.Errorf("%s: wwid %v and nguid %v of the serial number %v: %s", source, o["wwid"], o["nguid"], serial, problems)
		}
	}
	if o, _ := server.Look("storage_infinibox_dataset", acctest.Attrs{"id": filesystem}); o["wwid"] != nil {
		t.Errorf("a filesystem has the wwid %v", o["wwid"])
	}
}
