package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func TestAccMetadata(t *testing.T) {
	t.Parallel()
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	pool := newPool(b, "in")
	acctest.RunMetadata(t, b, pairs{b},
		acctest.Suite{Type: "storage_infinibox_pool", Least: acctest.Attrs{"name": name, "physical_capacity": "1TB"}},
		acctest.Suite{Type: "storage_infinibox_volume", Least: acctest.Attrs{"name": acctest.Own(func(string, int) any { return b.Name("v") }), "pool_id": pool, "size": "1GB"}},
		acctest.Suite{Type: "storage_infinibox_volume_snapshot", Least: acctest.Attrs{"name": name, "parent_id": newVolume(b, "parent", pool)}},
		acctest.Suite{Type: "storage_infinibox_host", Least: acctest.Attrs{"name": name}},
		acctest.Suite{Type: "storage_infinibox_host_cluster", Least: acctest.Attrs{"name": name}},
		acctest.Suite{Type: "storage_infinibox_consistency_group", Least: acctest.Attrs{"name": name, "pool_id": pool}},
	)

	volume := newVolume(b, "tagged", pool)
	all, server := pairs{b}, acctest.NewServer(t, b)
	all.Put(t, fmt.Sprint(volume), map[string]string{"foreign": "x"})
	cli := acctest.NewCLI(t)
	for _, key := range []string{"", ".", ".."} {
		cli.Plan(b.Provider(nil), resource("metadata", "m", acctest.Attrs{"object_id": volume, "metadata": map[string]string{key: "x"}})).Refuses(t, "is no key")
		cli.Plan(b.Provider(acctest.Attrs{"default_metadata": map[string]string{key: "x"}}), volumeOf("w", pool, "1GB")).Refuses(t, "is no key")
	}
	const kind = "storage_infinibox_metadata"
	config := func(own map[string]string) acctest.Attrs {
		return acctest.Attrs{"object_id": volume, "metadata": own}
	}
	has := func(want string) {
		t.Helper()
		if have := fmt.Sprint(all.Get(t, fmt.Sprint(volume))); have != want {
			t.Errorf("the volume has %s, want %s", have, want)
		}
	}
	state, identity := server.Create(kind, config(map[string]string{"a": "1", "b": "2"}))
	has("map[a:1 b:2 foreign:x]")
	server.Again()
	state, identity = server.Apply(kind, state, identity, config(map[string]string{"a": "1"}))
	has("map[a:1 foreign:x]")
	server.Again()
	server.Apply(kind, state, identity, nil)
	has("map[foreign:x]")
}

// pairs is the array's metadata.
type pairs struct{ *acctest.InfiniBox }

func (p pairs) Get(t *testing.T, id string) map[string]string {
	t.Helper()
	rows, err := p.Do("GET", "metadata/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, row := range rows.([]any) {
		pair := row.(map[string]any)
		all[pair["key"].(string)] = pair["value"].(string)
	}
	return all
}

func (p pairs) Put(t *testing.T, id string, pairs map[string]string) {
	t.Helper()
	if _, err := p.Do("PUT", "metadata/"+id, pairs); err != nil {
		t.Fatal(err)
	}
}

func (p pairs) Delete(t *testing.T, id, key string) {
	t.Helper()
	if _, err := p.Do("DELETE", "metadata/"+id+"/"+key, nil); err != nil {
		t.Fatal(err)
	}
}
