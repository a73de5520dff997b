package infinibox

import (
	"fmt"
	"testing"
)

// TestALinkIsFoundByItsSpace looks for the links of a network space, as clients of the array do.
func TestALinkIsFoundByItsSpace(t *testing.T) {
	near, _ := pairing(t, Options{}, nil)
	space := near.get(t, "links/%v", near.link)["local_replication_network_space_id"]
	flow(t, near.Simulator, []exchange{
		{"GET", fmt.Sprint("links?local_replication_network_space_id=eq%3A", space), "", 200, `"number_of_objects":1`},
		{"GET", "links?local_replication_network_space_id=eq%3A1", "", 200, `"result":[]`},
		{"PUT", fmt.Sprint("links/", near.link), `{"local_replication_network_space_id":null}`, 200, `"link_mode":"DETACHED"`},
		{"GET", fmt.Sprint("links?local_replication_network_space_id=eq%3A", space), "", 200, `"result":[]`},
	})
}

// TestNothingToSayIsNull gives an operation without arguments the body null, as clients of the array do.
func TestNothingToSayIsNull(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), values{"sync_interval": 300000, "rpo_value": 600000})
	here, there := fmt.Sprint("replicas/", replica["id"]), fmt.Sprint("replicas/", replica["remote_replica_id"])
	flow(t, near.Simulator, []exchange{
		{"POST", here + "/change_role", "null", 409, "REPLICA_ONLY_ALLOWED_WHEN_SUSPENDED"},
		{"POST", here + "/suspend", "", 200, `"state":"SUSPENDED"`},
		{"POST", "pools", "null", 400, "MISSING_FIELD"},
	})
	flow(t, far.Simulator, []exchange{{"POST", there + "/change_role", "null", 200, `"role":"SOURCE"`}})
	flow(t, near.Simulator, []exchange{{"POST", here + "/change_role", "null", 200, `"role":"TARGET"`}})
	flow(t, far.Simulator, []exchange{
		{"POST", there + "/resume", "", 200, `"state":"ACTIVE"`},
		{"POST", there + "/change_type_to_sync", "{}", 200, `"replication_type":"SYNC"`},
		{"POST", there + "/switch_role", "", 200, `"role":"TARGET"`},
	})
	flow(t, near.Simulator, []exchange{{"GET", here + "?fields=role%2Csync_state", "", 200, `"role":"SOURCE","sync_state":"SYNCHRONIZED"`}})
}

// TestThePathOnTheOtherArrayMayBeWhole asks the other array through a link by the whole path, as clients of the array do.
func TestThePathOnTheOtherArrayMayBeWhole(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), nil)
	there := fmt.Sprintf("replicas/%v?fields=entity_pairs", replica["remote_replica_id"])
	want := fmt.Sprintf(`"local_entity_id":%v`, replica["remote_entity_id"])
	flow(t, near.Simulator, []exchange{
		{"GET", fmt.Sprintf("remote/%v/api/rest/%s", near.link, there), "", 200, want},
		{"GET", fmt.Sprintf("remote/%v/%s", near.link, there), "", 200, want},
		{"GET", fmt.Sprintf("remote/%v/api/rest/replicas/1", near.link), "", 404, "REPLICA_NOT_FOUND"},
	})
}
