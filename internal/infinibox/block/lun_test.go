package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func luns(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := newPool(b, "pool")
	var all []any
	for i := range 12 {
		all = append(all, newVolume(b, fmt.Sprintf("volume%d", i), pool))
	}
	volume := acctest.Own(func(_ string, n int) any { return all[n%10] })
	host, other := newHost(b, "host"), newHost(b, "other")
	cluster := b.Create("clusters", map[string]any{"name": b.Name("cluster")})
	second := b.Create("clusters", map[string]any{"name": b.Name("second")})
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_lun", Plural: "luns",
		Key:      []string{"volume_id", "host_id", "cluster_id"},
		Deleting: "Hosts lose access to the volume",
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("hosts/%v/luns/volume_id/%v", o["host_id"], o["volume_id"])}
		},
		Least: acctest.Attrs{"volume_id": volume, "host_id": host},
		Most:  acctest.Attrs{"volume_id": volume, "host_id": host, "lun": 42},
		Changes: map[string]acctest.Change{
			"volume_id":  {Through: []any{all[10], all[11]}, Replaces: true},
			"host_id":    {Through: []any{host, other}, Replaces: true},
			"cluster_id": {Through: []any{cluster, second}, Beside: acctest.Attrs{"host_id": nil}, Replaces: true},
			"lun":        {Through: []any{10, 11}, Replaces: true},
		},
		Bad: []acctest.Bad{
			bad("lun", -1, "between 0 and 16383"),
			bad("lun", 16384, "between 0 and 16383"),
			{Set: acctest.Attrs{"host_id": nil}, Says: "[host_id,cluster_id]"},
			{Set: acctest.Attrs{"cluster_id": cluster}, Says: "[host_id,cluster_id]"},
		},
	}
}
