package replication

import (
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const activeActive = "ACTIVE_ACTIVE"

// describeReplica names a replica by what it copies.
func describeReplica(o api.Object) string {
	name := o["local_entity_name"]
	if api.IsNothing(name) {
		name = o["local_cg_name"]
	}
	return fmt.Sprintf("the replica of %q (id %v)", name, o["id"])
}
