package campaign

import (
	"fmt"
	"strings"
	"testing"
	"time"

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

// volume makes what stands in the way.
func (s *scene) volume(name string, size int) any {
	return s.Create("volumes", map[string]any{"name": name, "pool_id": s.pool, "size": size})
}

func (s *scene) apply(settings acctest.Attrs) (*core, outcome) {
	s.t.Helper()
	c := newCore(s.t, acctest.Suite{Lab: s, Type: "storage_infinibox_volume"}, settings)
	return c, c.apply(s.t.Context(), s.config)
}

func (s *scene) volumes() int { return len(list(s.t, s, "volumes")) }

// What an interrupted run of the same configuration has left behind is taken over,
// and the user is told.
func TestOrphanIsTakenOver(t *testing.T) {
	for name, finish := range map[string]func(s *scene, id any){
		"at once": func(*scene, any) {},
		"after its metadata": func(s *scene, id any) {
			s.Must("PUT", fmt.Sprintf("metadata/%v", id), map[string]any{"team": "storage"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			id := s.volume("v", 1_000_000_000)
			finish(s, id)
			s.Simulator.Advance(50 * time.Minute)
			c, done := s.apply(nil)
			if done.Failed() || c.state == nil || c.state.tainted || s.volumes() != 1 {
				t.Fatalf("%d volumes: %s", s.volumes(), done)
			}
			text := done.String()
			for _, words := range []string{"WARNING", `Took over volume "v" (id ` + fmt.Sprint(id), "interrupted run", "terraform state rm", "never_adopt"} {
				if !strings.Contains(text, words) {
					t.Errorf("no %q in %s", words, text)
				}
			}
			if again := c.plan(t.Context(), s.config); again.action != "no-op" || again.drift {
				t.Errorf("the plan after it: %s %s", again.action, again)
			}
			if pairs := list(t, s, "metadata"); len(pairs) != 1 || pairs[0]["value"] != "storage" {
				t.Errorf("metadata: %v", pairs)
			}
		})
	}
}

// What may be somebody else's is never taken over: each sign by itself is enough.
func TestForeignObjectIsNeverTakenOver(t *testing.T) {
	for name, c := range map[string]struct {
		ago  time.Duration
		make func(s *scene)
		says string
		// settings of the provider.
		settings acctest.Attrs
	}{
		"another size": {make: func(s *scene) { s.volume("v", 2_000_000_000) }, says: "its size is another"},
		"old": {ago: 61 * time.Minute, make: func(s *scene) { s.volume("v", 1_000_000_000) },
			says: "created more than an hour ago"},
		"changed later": {ago: 10 * time.Minute, says: "changed after it was created", make: func(s *scene) {
			id := s.volume("v", 1_000_000_000)
			s.Simulator.Advance(2 * time.Minute)
			s.Must("PUT", fmt.Sprintf("volumes/%v", id), map[string]any{"name": "w"})
			s.Must("PUT", fmt.Sprintf("volumes/%v", id), map[string]any{"name": "v"})
		}},
		"mapped": {says: "mapped is true", make: func(s *scene) {
			id := s.volume("v", 1_000_000_000)
			host := s.Create("hosts", map[string]any{"name": "h"})
			s.Must("POST", fmt.Sprintf("hosts/%v/luns", host), map[string]any{"volume_id": id})
		}},
		"with a snapshot": {says: "has_children is true", make: func(s *scene) {
			s.Create("volumes", map[string]any{"name": "snapshot", "parent_id": s.volume("v", 1_000_000_000)})
		}},
		"with metadata of others": {says: "metadata \"owner\"", make: func(s *scene) {
			s.Must("PUT", fmt.Sprintf("metadata/%v", s.volume("v", 1_000_000_000)), map[string]any{"owner": "somebody"})
		}},
		"with an attribute that the configuration leaves out": {says: "its udid is another", make: func(s *scene) {
			s.Create("volumes", map[string]any{"name": "v", "pool_id": s.pool, "size": 1_000_000_000, "udid": 9})
		}},
		"a name spelled otherwise": {make: func(s *scene) { s.volume("V", 1_000_000_000) }, says: "is taken"},
		"a user who wants none": {
			make: func(s *scene) { s.volume("v", 1_000_000_000) }, says: "never_adopt",
			settings: acctest.Attrs{"never_adopt": true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			c.make(s)
			s.Simulator.Advance(c.ago)
			there := s.volumes()
			core, done := s.apply(c.settings)
			if !done.Failed() || core.state != nil {
				t.Fatalf("not refused: %s", done)
			}
			for _, words := range []string{"terraform import", c.says} {
				if !strings.Contains(done.String(), words) {
					t.Errorf("no %q in %s", words, done)
				}
			}
			if s.volumes() != there {
				t.Errorf("there are %d volumes, were %d", s.volumes(), there)
			}
		})
	}
}
