package campaign

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// scene is an array with a pool, on which a volume is to be created.
type scene struct {
	*acctest.InfiniBox
	t      *testing.T
	pool   any
	config acctest.Attrs
}

func newScene(t *testing.T) *scene {
	t.Helper()
	lab := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := lab.Create("pools", map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000})
	return &scene{lab, t, pool, acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB", "metadata": map[string]any{"team": "storage"}}}
}
