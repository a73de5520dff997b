package infinibox

import (
	"fmt"
	"testing"
	"time"
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

// A member whose joining was not heard of is let go again by the other side, where its copy stays as an ordinary volume; one
// whose leaving was not heard of leaves by the next request.
func TestAccidentsOfAMember(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	group := must(t, near.Simulator, "POST", "cgs", values{"name": "db", "pool_id": near.pool})["id"]
	members := fmt.Sprintf("cgs/%v/members", group)
	must(t, near.Simulator, "POST", members, values{"dataset_id": near.volume(t, "v")})
	replica := must(t, near.Simulator, "POST", "replicas", values{
		"link_id": near.link, "entity_type": "CONSISTENCY_GROUP", "replication_type": "ASYNC", "local_cg_id": group, "remote_pool_id": far.pool,
	})
	copied := fmt.Sprintf("cgs/%v/members", replica["remote_cg_id"])
	second := near.volume(t, "w")
	near.Strike(1, Unheard)
	refused(t, near.Simulator, "POST", members, values{"dataset_id": second}, "REPLICA_PARTIAL_FAILURE")
	near.RestoreLinks()
	if here, there := near.count(t, members), far.count(t, copied); here != 1 || there != 1 {
		t.Errorf("there are %d members here and %d there, want one each", here, there)
	}
	_, left, _ := far.Do("GET", "volumes?name=w", nil)
	stray := left.([]any)[0].(values)
	expect(t, stray, values{"cg_id": nil, "rmr_target": false, "write_protected": false})
	refused(t, near.Simulator, "POST", members, values{"dataset_id": second}, "VOLUME_NAME_CONFLICT")
	must(t, far.Simulator, "DELETE", fmt.Sprintf("volumes/%v", stray["id"]), nil)
	must(t, near.Simulator, "POST", members, values{"dataset_id": second})

	leaving := fmt.Sprintf("%s/%v", members, second)
	near.Strike(1, Unheard)
	refused(t, near.Simulator, "DELETE", leaving, nil, "REPLICA_PARTIAL_FAILURE")
	near.RestoreLinks()
	must(t, near.Simulator, "DELETE", leaving, nil)
	if here, there := near.count(t, members), far.count(t, copied); here != 1 || there != 1 {
		t.Errorf("there are %d members here and %d there, want one each", here, there)
	}
}

// Two sides never both lead for want of an answer: where it is lost, the side that has given up its role keeps to that.
func TestAccidentsOfASwitchOfRoles(t *testing.T) {
	for name, c := range accidents {
		t.Run(name, func(t *testing.T) {
			near, far := pairing(t, Options{}, nil)
			replica := near.replicate(t, far, near.volume(t, "v"), values{"replication_type": "SYNC"})
			near.Advance(time.Minute)
			near.Strike(1, c.what)
			refused(t, near.Simulator, "POST", fmt.Sprintf("replicas/%v/switch_role", replica["id"]), nil, c.code)
			near.RestoreLinks()
			here, there := "SOURCE", "TARGET"
			if c.behind > 0 {
				here, there = there, here
			}
			expect(t, near.get(t, "replicas/%v", replica["id"]), values{"role": here})
			expect(t, far.get(t, "replicas/%v", replica["remote_replica_id"]), values{"role": there})
		})
	}
}
