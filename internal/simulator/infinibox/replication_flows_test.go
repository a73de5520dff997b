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
