package replication_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// theOne is a configuration of one resource, or (nil) of none, that is applied again and again.
type theOne struct {
	*testcore.Core
	t       *testing.T
	address string
}

func newOne(t *testing.T, at *acctest.Site, resourceType string) theOne {
	t.Helper()
	return theOne{acctest.NewCore(t, at, nil), t, resourceType + ".r"}
}

// apply returns what an apply has said, and whether it has failed.
func (o theOne) apply(arguments acctest.Attrs) (said string, failed bool) {
	o.t.Helper()
	config := testcore.Config{Resources: map[string]testcore.Resource{}}
	if arguments != nil {
		config.Resources[o.address] = testcore.Resource{Arguments: arguments}
	}
	plan, done := o.Run(o.t.Context(), config, testcore.Options{})
	said, failed = plan.String(), plan.Failed()
	if done != nil {
		said, failed = said+done.String(), failed || done.Failed()
	}
	return said, failed
}

// refused holds that an apply fails and says all of these.
func (o theOne) refused(arguments acctest.Attrs, says ...string) (said string) {
	o.t.Helper()
	said, failed := o.apply(arguments)
	for _, text := range says {
		if !failed || !strings.Contains(said, text) {
			o.t.Errorf("failed: %v, without %q: %s", failed, text, said)
		}
	}
	return said
}

func (o theOne) succeeds(arguments acctest.Attrs) {
	o.t.Helper()
	if said, failed := o.apply(arguments); failed {
		o.t.Errorf("fails: %s", said)
	}
}

// What an error says of deletions on the other array, as the arguments of the action.
var (
	named     = regexp.MustCompile(`path = "([^"]+)"(?:, query = \{ ([^}]+) \})?`)
	parameter = regexp.MustCompile(`(\w+) = "(\w+)"`)
)

// deleteNamed deletes on the other array what an error names, by the action that it names, and
// returns the collections in their order.
func deleteNamed(t *testing.T, near *acctest.Site, said string) (collections []string) {
	t.Helper()
	if link := fmt.Sprintf("storage_infinibox_remote_call does it from here: link_id = %v, method = \"DELETE\", path = ", near.Link); !strings.Contains(said, link) {
		t.Errorf("no word of %q: %s", link, said)
	}
	server := acctest.NewServer(t, near)
	for _, one := range named.FindAllStringSubmatch(said, -1) {
		call := acctest.Attrs{"link_id": near.Link, "method": "DELETE", "path": one[1], "approved": true}
		query := map[string]any{}
		for _, p := range parameter.FindAllStringSubmatch(one[2], -1) {
			query[p[1]] = p[2]
		}
		if len(query) > 0 {
			call["query"] = query
		}
		if done := server.Invoke("storage_infinibox_remote_call", call); done.Failed() {
			t.Errorf("%s: %s", one[0], done.Problems)
		}
		collection, _, _ := strings.Cut(one[1], "/")
		collections = append(collections, collection)
	}
	return collections
}

// The answer to a creation is lost between the arrays. The error names what the other one has
// made, and how to delete it; what was there before is not of it.
func TestAccHalfOfAReplicaIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		arguments func(y *yard) acctest.Attrs
		says      string
		deleted   []string
	}{
		"of a volume": {
			func(y *yard) acctest.Attrs {
				return acctest.Attrs{"volume_id": y.volume("v"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
			}, `with the copy "v"`, []string{"replicas", "volumes"},
		},
		"of a filesystem": {
			func(y *yard) acctest.Attrs {
				return acctest.Attrs{"filesystem_id": y.filesystem("f"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
			}, `with the copy "f"`, []string{"replicas", "filesystems"},
		},
		"of a group": {
			func(y *yard) acctest.Attrs {
				return acctest.Attrs{"consistency_group_id": y.group("db"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
			}, `with the consistency group "db", the copy "db-`, []string{"replicas", "cgs", "volumes", "volumes"},
		},
		"onto what is there": {
			func(y *yard) acctest.Attrs {
				there := y.Far.NewVolume("there", y.farPool)
				return acctest.Attrs{"volume_id": y.volume("v"), "replication_type": "ASYNC", "entity_pairs": []any{acctest.Attrs{"base_action": "NO_BASE_DATA", "remote_entity_id": there}}}
			}, "the replica of id", []string{"replicas"},
		},
		"active-active": {
			func(y *yard) acctest.Attrs {
				return acctest.Attrs{"volume_id": y.volume("v"), "remote_pool_id": y.farPool, "replication_type": "ACTIVE_ACTIVE"}
			}, `with the copy "v"`, []string{"replicas", "volumes"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newYard(t)
			r, arguments := newOne(t, y.Near, replicaType), c.arguments(y).With(acctest.Attrs{"link_id": y.Near.Link})
			volumes := len(y.Far.IDs("volumes"))
			y.Near.Simulator.Strike(1, simulator.Unheard)
			said := r.refused(arguments, "REPLICA_PARTIAL_FAILURE", `On "far" there is the other half of it`, c.says, "delete it there, then apply again")
			if got := deleteNamed(t, y.Near, said); !slices.Equal(got, c.deleted) {
				t.Errorf("named are %s, want %s", got, c.deleted)
			}
			if here, there := y.Near.IDs("replicas"), y.Far.IDs("replicas"); len(here)+len(there) > 0 || len(y.Far.IDs("volumes")) != volumes {
				t.Errorf("replicas here: %v, there: %v; volumes there: %v", here, there, y.Far.IDs("volumes"))
			}
			r.succeeds(arguments)
			if here, there := y.Near.IDs("replicas"), y.Far.IDs("replicas"); len(here) != 1 || len(there) != 1 {
				t.Errorf("replicas here: %v, there: %v", here, there)
			}
		})
	}
}

// As long as the arrays do not see each other, nobody knows; the next apply does.
func TestAccHalfIsNamedOnceItIsSeen(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	r := newOne(t, y.Near, replicaType)
	arguments := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volume("v"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
	y.Near.Simulator.Strike(1, simulator.CutAfter)
	r.refused(arguments, "REPLICA_PARTIAL_FAILURE", "the other one may have made its half", "the error names it then")
	y.Near.Simulator.RestoreLinks()
	deleteNamed(t, y.Near, r.refused(arguments, "VOLUME_NAME_CONFLICT", `On "far" there is the other half of it`))
	r.succeeds(arguments)

	y.Near.Simulator.Strike(1, simulator.Unheard)
	r.refused(nil, "REPLICA_PARTIAL_FAILURE", "Apply again once the link is up", "what is done already is no hindrance")
	r.succeeds(nil)
	if here, there := y.Near.IDs("replicas"), y.Far.IDs("replicas"); len(here)+len(there) > 0 {
		t.Errorf("replicas here: %v, there: %v", here, there)
	}
}

// Of a link whose creation's answer was lost, the other array alone knows.
func TestAccHalfOfALinkIsNamed(t *testing.T) {
	t.Parallel()
	p := acctest.SimulatePair(t, simulator.Options{})
	l := newOne(t, p.Near, "storage_infinibox_link")
	arguments := acctest.Attrs{"name": "l", "remote_host": p.Far.Host}
	p.Near.Simulator.Strike(1, simulator.Unheard)
	l.refused(arguments, "REMOTE_API_FAILURE")
	l.refused(arguments, "LINK_TO_HOST_ALREADY_EXISTS", "that array alone knows of one to it", "Delete the link on that array")
	p.Far.Must("DELETE", fmt.Sprintf("links/%v", p.Far.IDs("links")[0]), nil)
	l.succeeds(arguments)
}

// newRGReplica is one that takes its group on the other array along, not made yet.
func newRGReplica(t *testing.T) (*acctest.Pair, theOne, acctest.Attrs) {
	t.Helper()
	p := linked(t)
	group := groupsOf(p.Near, p.Near.NewPool("pool"), 1)[0]
	return p, newOne(t, p.Near, "storage_infinibox_rg_replica"), acctest.Attrs{
		"replication_group_id": group, "link_id": p.Near.Link, "remote_pool_id": p.Far.NewPool("pool"), "delete_remote_replication_group": true,
	}
}

// The other array's half of an RG replica is named when its creation is not heard of, and its
// group when the deletion ends before it.
func TestAccHalfOfAnRGReplicaIsNamed(t *testing.T) {
	t.Parallel()
	p, r, arguments := newRGReplica(t)
	left := func(replicas, groups int) {
		t.Helper()
		if there, kept := p.Far.IDs("rg_replicas"), p.Far.IDs("replication_groups"); len(there) != replicas || len(kept) != groups {
			t.Errorf("replicas there: %v, want %d; groups there: %v, want %d", there, replicas, kept, groups)
		}
	}
	p.Near.Simulator.Strike(1, simulator.Unheard)
	said := r.refused(arguments, "LINK_IO_ERROR", `On "far" there is the other half of it: the RG replica of id 1, with the group "group-0"`)
	if got, want := deleteNamed(t, p.Near, said), []string{"rg_replicas", "replication_groups"}; !slices.Equal(got, want) {
		t.Errorf("named are %s, want %s", got, want)
	}
	r.succeeds(arguments)
	left(1, 1)

	p.Near.Simulator.Strike(2, simulator.Unreached)
	r.succeeds(nil) // asks again
	left(0, 0)

	r.succeeds(arguments)
	p.Near.Simulator.Strike(2, simulator.Gone)
	said = r.refused(nil, "LINK_IO_ERROR", "The replica itself is deleted on both arrays", `The group that it has made on "far" may still be there`)
	p.Near.Simulator.RestoreLinks()
	left(0, 1)
	deleteNamed(t, p.Near, said)
	left(0, 0)
	r.succeeds(nil)
}

// A run that is killed while it deletes an RG replica leaves the group on the other array: the
// next refresh finds that the replica is gone, and says so of the group.
func TestAccGroupThatAKilledRunLeaves(t *testing.T) {
	t.Parallel()
	p, r, arguments := newRGReplica(t)
	for _, stays := range []bool{true, false} {
		r.succeeds(arguments)
		p.Near.Must("DELETE", fmt.Sprintf("rg_replicas/%v", p.Near.IDs("rg_replicas")[0]), nil)
		there := p.Far.IDs("replication_groups")[0]
		if !stays {
			p.Far.Must("DELETE", fmt.Sprintf("replication_groups/%v", there), nil)
		}
		said, failed := r.apply(nil)
		if failed || strings.Contains(said, `The group "group-0" that it has made on "far"`) != stays {
			t.Errorf("failed: %v, of a group that stays (%v): %s", failed, stays, said)
		}
		if stays {
			deleteNamed(t, p.Near, said)
		}
	}
	if left := p.Far.IDs("replication_groups"); len(left) > 0 {
		t.Errorf("groups there: %v", left)
	}
}

// A volume joins a group that is replicated, or leaves it, and the other array's answer is lost:
// the next apply completes it, or its error names what is in the way there.
func TestAccMemberThatTheOtherArrayHasAlready(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	group := y.group("db")
	newOne(t, y.Near, replicaType).succeeds(acctest.Attrs{
		"link_id": y.Near.Link, "consistency_group_id": group, "remote_pool_id": y.farPool, "replication_type": "ASYNC",
	})
	copied := fmt.Sprintf("cgs/%v/members", y.Far.IDs("cgs")[0])
	m := newOne(t, y.Near, "storage_infinibox_consistency_group_member")
	arguments := acctest.Attrs{"consistency_group_id": group, "member_id": y.volume("w")}
	const lost, next = "REPLICA_PARTIAL_FAILURE", "Apply again once the link is up"

	y.Near.Simulator.Strike(1, simulator.Unheard)
	m.refused(arguments, lost, next)
	m.refused(arguments, "VOLUME_NAME_CONFLICT", "On the other array there is a volume of that name already", "delete it there")
	y.Far.Must("DELETE", fmt.Sprintf("volumes/%v", y.Far.IDs("volumes?name=w")[0]), nil)
	m.succeeds(arguments)
	if there := y.Far.IDs(copied); len(there) != 3 {
		t.Errorf("members there: %v", there)
	}
	y.Near.Simulator.Strike(1, simulator.CutAfter)
	m.refused(nil, lost, next)
	y.Near.Simulator.RestoreLinks()
	m.succeeds(nil)
	if there := y.Far.IDs(copied); len(there) != 2 {
		t.Errorf("members there: %v", there)
	}
}
