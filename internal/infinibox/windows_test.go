package infinibox

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// every are the ids from one to another, by a step.
func every(step, from, to int) []int {
	var ids []int
	for id := from; id <= to; id += step {
		ids = append(ids, id)
	}
	return ids
}

// What a refresh costs goes by what is read, whatever the collection holds besides.
func TestRefreshInALargeCollection(t *testing.T) {
	if testing.Short() {
		t.Skip("lists of 50,000 objects")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		what      string
		have, ask []int
		most      int
	}{
		{"2,000 made together", every(1, 1, 50_000), every(1, 20_300, 22_299), 2 + 3},
		{"10,000 made together", every(1, 1, 50_000), every(1, 30_001, 40_000), 10 + 3},
		{"10,000 made together, the last", every(1, 1, 50_000), every(1, 40_001, 50_000), 10 + 3},
		{"2,000 made together where ids are far apart", every(97, 1, 97*50_000), every(97, 1+97*20_300, 97*22_300), 2 + 10},
		{"10,000 made together where ids are far apart", every(97, 1, 97*50_000), every(97, 1+97*30_000, 97*40_000), 2*10 + 10},
		{"10,000 among 50,000, every fifth", every(1, 1, 50_000), every(5, 1, 50_000), 2*50 + 3},
		{"all of 50,000", every(1, 1, 50_000), every(1, 1, 50_000), 2*50 + 3},
		{"thirty scattered ones", every(1, 1, 50_000), every(1_667, 1, 50_000), 2 + freeWindows + 30},
		{"five scattered ones", every(1, 1, 50_000), every(10_000, 1, 50_000), 2 + 5},
		{"2,000 of 7,000", every(1, 1, 7_000), every(1, 1_501, 3_500), 2 + 3},
	} {
		t.Run(c.what, func(t *testing.T) {
			v := newVolumes(t, 0)
			v.order = c.have
			for _, id := range c.have {
				v.size[id] = 1
			}
			asked := slices.Clone(c.ask)
			random.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
			refresh(t, newClient(t, v.box), asked, 10)
			if n := len(v.log()); n > c.most {
				t.Errorf("%d requests, at most %d: %v", n, c.most, v.log())
			} else {
				t.Logf("%d requests, at most %d", n, c.most)
			}
		})
	}
}

// A refresh that takes minutes is one as long as it gets on; who reads after a pause wants
// to know what has changed.
func TestListingLivesAsLongAsTheRefresh(t *testing.T) {
	for _, objects := range []int{2_000, 6_000} {
		v := newVolumes(t, objects)
		c := newClient(t, v.box)
		now := time.Now()
		c.reads.now = func() time.Time { return now }
		began := now
		for id := 1; id < objects; id++ {
			read(t, c, id)
			now = now.Add(100 * time.Second / time.Duration(objects))
		}
		if n, most := len(v.log()), objects/1000+3; n > most {
			t.Errorf("%d objects in %v: %d requests, at most %d", objects, now.Sub(began), n, most)
		}
		v.mu.Lock()
		v.size[objects] = 7
		v.mu.Unlock()
		now = now.Add(rereadLife)
		if o := read(t, c, objects); fmt.Sprint(o["size"]) != "7" {
			t.Errorf("after a pause, %v is read", o)
		}
	}
}

// No listing answers for ever.
func TestListingEnds(t *testing.T) {
	v := newVolumes(t, 2_000)
	c := newClient(t, v.box)
	now := time.Now()
	c.reads.now = func() time.Time { return now }
	id := 1
	for began := now; now.Sub(began) <= longestLife; now = now.Add(time.Second) {
		read(t, c, id)
		id++
	}
	if n := len(v.log()); n != 1+2 {
		t.Errorf("%d requests: %v", n, v.log())
	}
	v.mu.Lock()
	v.size[id] = 9
	v.mu.Unlock()
	if o := read(t, c, id); fmt.Sprint(o["size"]) != "9" {
		t.Errorf("after %v, %v is read", longestLife, o)
	}
}

// An array that does not sort by id, whether it says so or not, is asked otherwise.
func TestCollectionThatIsNotSorted(t *testing.T) {
	for what, instead := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"refused": func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Has("sort") {
				refuse(400, "NOT_SORTABLE_FIELD", "id")(w, r)
				return true
			}
			return false
		},
		"ignored": func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Has("sort") {
				fmt.Fprint(w, `{"result":[{"id":9,"size":1},{"id":8,"size":1}],"error":null,"metadata":{"ready":true,"pages_total":20,"number_of_objects":20000}}`)
				return true
			}
			return false
		},
	} {
		for _, pages := range []int{6, 20} {
			t.Run(fmt.Sprintf("%s, %d pages", what, pages), func(t *testing.T) {
				v := newVolumes(t, pages*1000)
				v.instead = instead
				refresh(t, newClient(t, v.box), every(1, 4_001, 6_000), 10)
				if n := len(v.log()); n > 3+2*pages {
					t.Errorf("%d requests: %v", n, v.log())
				}
			})
		}
	}
}

// What a window does not have although its id lies there, the array has the last word on.
func TestReadOfWhatIsGoneFromALargeCollection(t *testing.T) {
	v := newVolumes(t, 20_000)
	c := newClient(t, v.box)
	refresh(t, c, []int{5_001, 5_002, 5_003}, 1)
	v.mu.Lock()
	v.size[5_500] = 0
	v.mu.Unlock()
	if _, err := c.Do(t.Context(), api.Request{Method: http.MethodPut, Path: "volumes/5001"}); err != nil {
		t.Fatal(err)
	}
	refresh(t, c, []int{5_001, 5_002}, 1)
	before := len(v.log())
	if o, err := c.Read(t.Context(), "volumes", "5500", []string{"size", "tags"}); api.ReasonOf(err) != api.NotFound {
		t.Errorf("it is %v, %v", o, err)
	}
	if got := strings.Join(v.log()[before:], ", "); got != "GET volumes/5500?fields=size,tags" {
		t.Error(got)
	}
}

// Metadata of all objects are not listed for those of a few.
func TestMetadataOfAFewAmongMany(t *testing.T) {
	const rows = 60_000
	v := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/api/rest/metadata/"); ok {
			fmt.Fprintf(w, `{"result":[{"id":1,"key":"owner","value":"v%s","object_id":%s,"object_type":"volume"}],"error":null,"metadata":{"ready":true,"pages_total":1,"number_of_objects":1}}`, id, id)
			return
		}
		fmt.Fprintf(w, `{"result":[{"id":1,"key":"owner","value":"x","object_id":1,"object_type":"volume"}],"error":null,"metadata":{"ready":true,"pages_total":%d,"number_of_objects":%d}}`, rows/1000, rows)
	})
	m := pairs{newClient(t, v)}
	for id := range 20 {
		want := fmt.Sprintf("v%d", 100+id)
		if own, err := m.Get(t.Context(), fmt.Sprint(100+id)); err != nil || own["owner"] != want {
			t.Errorf("%d has %v, %v", 100+id, own, err)
		}
	}
	if n := len(v.log()); n > 20+1 {
		t.Errorf("%d requests: %v", n, v.log())
	}
}

func TestSpans(t *testing.T) {
	var all spans
	for _, s := range []span{{10, 19}, {40, 49}, {20, 25}, {5, 9}, {30, 45}, {60, math.MaxInt64}, {26, 29}, {-9, -1}} {
		all = all.with(s)
	}
	if want := (spans{{-9, -1}, {5, 49}, {60, math.MaxInt64}}); !slices.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	for id, want := range map[int64]int64{-20: math.MinInt64, 2: 0, 55: 50} {
		if got := all.gap(id); got != want {
			t.Errorf("the gap of %d begins at %d, want %d", id, got, want)
		}
	}
	for id, want := range map[string]bool{"-9": true, "0": false, "5": true, "49": true, "50": false, "1000000": true, "name=x": false} {
		if all.have(id) != want {
			t.Errorf("%s: %v", id, !want)
		}
	}
}
