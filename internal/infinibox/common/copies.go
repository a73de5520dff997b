package common

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Copy is what a replica has made of a volume or filesystem on the other array, or what it has
// taken for that. It stays there when the replica ends.
type Copy struct {
	Local    string // the id of the volume or filesystem on this array
	Name, ID string // of the copy
}

// CopiesOf are the copies of a replica.
func CopiesOf(replica api.Object) []Copy {
	all, _ := replica["entity_pairs"].([]any)
	var copies []Copy
	for _, one := range all {
		pair, _ := one.(api.Object)
		if name, ok := pair["remote_entity_name"].(string); ok {
			copies = append(copies, Copy{fmt.Sprint(pair["local_entity_id"]), name, fmt.Sprint(pair["remote_entity_id"])})
		}
	}
	return copies
}

// TellOfCopies tells where new copies are to have the names of those that stay on the other
// array; instead says what works. It warns, because these may be deleted or renamed there in
// the same run. Where the user forces a replacement, Terraform shows no warning of what is made
// anew: it refuses, so that no replication ends and none takes its place.
func TellOfCopies(p *entity.Plan, far string, left []Copy, wanted []string, instead string) {
	var taken []string
	for _, one := range left {
		if slices.ContainsFunc(wanted, func(name string) bool { return strings.EqualFold(name, one.Name) }) {
			taken = append(taken, fmt.Sprintf("%q (id %s)", one.Name, one.ID))
		}
	}
	if len(taken) == 0 {
		return
	}
	const summary = "A copy is in the way of the new one"
	detail := fmt.Sprintf("What has been replicated stays on %s by itself: %s. The new copy is to have its name, and that array refuses two of one name. %s", far, Few(taken), instead)
	if p.Forced {
		p.Refuse("", summary, detail)
		return
	}
	p.Warn(summary, detail)
}
