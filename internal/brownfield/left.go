package brownfield

import (
	"errors"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// snapshots come and go.
var snapshots = map[string]bool{
	"storage_infinibox_volume_snapshot":     true,
	"storage_infinibox_filesystem_snapshot": true,
	"storage_infinibox_snapshot_group":      true,
}

// elsewhere are the types whose objects are part of another resource, which says them all,
// or which people have to import themselves.
var elsewhere = map[string]string{
	"storage_infinibox_host_cluster_member":        "host_ids of storage_infinibox_host_cluster says who is in a cluster",
	"storage_infinibox_consistency_group_member":   "member_ids of storage_infinibox_consistency_group says what is in a group",
	"storage_infinibox_snapshot_policy_assignment": "snapshot_policy_id of what it is assigned to says the policy",
	"storage_infinibox_share_permission":           "permissions of storage_infinibox_share says who may do what",
	"storage_infinibox_metadata":                   "metadata of each resource has the pairs",
	"storage_infinibox_volume_group_snapshot":      "nothing lists snapshots that were taken together; import those that are to stay, by their ids",
	"storage_infinibox_ssl_certificate":            "the array keeps the private key to itself; write the resource with the key, and import it",
	"storage_infinibox_s3_certificate":             "the array keeps the private key to itself; write the resource with the key, and import it",
	"storage_infinibox_ssl_certificate_request":    "the array tells a request once; import one by its text",
	"storage_infinibox_s3_certificate_request":     "the array tells a request once; import one by its text",
	"storage_infinibox_vm":                         "VMware makes and names virtual machines",
}

// reason says why nothing is written of a kind; "" where it is.
func reason(k *entity.Kind, o Options) string {
	name := k.TypeName()
	switch {
	case elsewhere[name] != "":
		return elsewhere[name]
	case snapshots[name] && !o.Snapshots:
		return "snapshots come and go; -snapshots writes them too"
	case !k.IsQueried() && !k.IsOne():
		return "nothing lists them; import those that are to stay"
	}
	return ""
}

// withheld says why an object is not written, of a kind of which others are; "" where it is.
func withheld(k *kind, v entity.Values) string {
	if k.TypeName() == "storage_infinibox_user" && v.Int("id") < 0 {
		return "the array's own users, such as admin, are left to it"
	}
	for _, a := range k.arguments {
		if a.Required && !v.Known(a.Name) {
			return "what has no " + a.Name + " yet is as good as not there"
		}
	}
	return ""
}

// refusal is why a system does not tell what there is of a kind, such as that the user may
// not see it; "" where it tells, or has not answered. What refuses a user altogether is no
// reason to go on.
func refusal(err error) string {
	refused := new(api.Error)
	if !errors.As(err, &refused) || refused.Reason == api.Unauthenticated || refused.Status < http.StatusBadRequest || refused.Status >= http.StatusInternalServerError {
		return ""
	}
	return "the system does not tell them: " + refused.Error()
}
