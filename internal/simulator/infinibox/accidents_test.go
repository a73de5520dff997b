package infinibox

import (
	"fmt"
	"testing"
)

// accidents are what may happen to a question, with what a creation is answered then, whether the network is cut
// afterwards, and what is left on the other side.
var accidents = map[string]struct {
	what   Accident
	code   string
	lasts  bool
	behind int
}{
	"unreached":  {Unreached, "LINK_IO_ERROR", false, 0},
	"unheard":    {Unheard, "REPLICA_PARTIAL_FAILURE", false, 1},
	"cut before": {CutBefore, "LINK_IO_ERROR", true, 0},
	"cut after":  {CutAfter, "REPLICA_PARTIAL_FAILURE", true, 1},
	"gone":       {Gone, "LINK_IO_ERROR", true, 0},
	"failing":    {Failing, "REMOTE_API_FAILURE", false, 0},
	"forbidden":  {Forbidden, "REMOTE_PERMISSION_REQUIRED", false, 0},
}

// count is how many objects of a collection a site has.
func (s site) count(t *testing.T, path string) int {
	t.Helper()
	_, result, err := s.Do("GET", path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return len(result.([]any))
}

// holdBoth holds that both sites have so many of a collection.
func holdBoth(t *testing.T, near, far site, path string, here, there int) {
	t.Helper()
	if n, m := near.count(t, path), far.count(t, path); n != here || m != there {
		t.Errorf("there are %d %s here and %d there, want %d and %d", n, path, m, here, there)
	}
}

// What a creation has begun on the other side is left there when the answer is lost, and nothing here knows of it. It is
// deleted there by whoever cleans up, and the creation is made anew.
func TestAccidentsOfACreation(t *testing.T) {
	for name, c := range accidents {
		t.Run(name, func(t *testing.T) {
			near, far := pairing(t, Options{}, nil)
			body := values{
				"link_id": near.link, "entity_type": "VOLUME", "replication_type": "ASYNC", "remote_pool_id": far.pool,
				"entity_pairs": []any{values{"local_entity_id": near.volume(t, "v"), "remote_base_action": "CREATE"}},
			}
			near.Strike(1, c.what)
			refused(t, near.Simulator, "POST", "replicas", body, c.code)
			if n := near.Questions(); n != 1 {
				t.Errorf("%d questions were asked, want 1", n)
			}
			state := "UP"
			if c.lasts {
				state = "DOWN"
			}
			expect(t, near.get(t, "links/%v", near.link), values{"link_state": state})
			near.RestoreLinks()
			expect(t, near.get(t, "links/%v", near.link), values{"link_state": "UP"})
			holdBoth(t, near, far, "replicas", 0, c.behind)
			if c.behind > 0 {
				refused(t, near.Simulator, "POST", "replicas", body, "VOLUME_NAME_CONFLICT")
				_, left, _ := far.Do("GET", "replicas", nil)
				replica := left.([]any)[0].(values)
				must(t, near.Simulator, "DELETE", fmt.Sprintf("remote/%v/replicas/%v", near.link, replica["id"]), nil)
				must(t, near.Simulator, "DELETE", fmt.Sprintf("remote/%v/volumes/%v", near.link, replica["local_entity_id"]), nil)
			}
			made := must(t, near.Simulator, "POST", "replicas", body)
			expect(t, far.get(t, "replicas/%v", made["remote_replica_id"]), values{"remote_replica_id": made["id"], "role": "TARGET"})
		})
	}
}

// A deletion whose answer is lost leaves this side, which is deleted by the next one; any other leaves both.
func TestAccidentsOfADeletion(t *testing.T) {
	for name, c := range accidents {
		t.Run(name, func(t *testing.T) {
			near, far := pairing(t, Options{}, nil)
			path := fmt.Sprintf("replicas/%v", near.replicate(t, far, near.volume(t, "v"), values{"replication_type": "ASYNC"})["id"])
			near.Strike(1, c.what)
			refused(t, near.Simulator, "DELETE", path, nil, c.code)
			near.RestoreLinks()
			holdBoth(t, near, far, "replicas", 1, 1-c.behind)
			must(t, near.Simulator, "DELETE", path, nil)
			holdBoth(t, near, far, "replicas", 0, 0)
		})
	}
}
