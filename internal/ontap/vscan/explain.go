package vscan

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// remedies say what the reference's error codes mean, and what to do next.
var remedies = map[string]string{
	"10027063": "The pool belongs to the cluster's administrative SVM, and a data SVM cannot change it. Manage it with svm_name of the administrative SVM, or choose another name for the pool of this SVM.",
	"10027064": "The pool belongs to the cluster's administrative SVM, and a data SVM cannot delete it. Delete it from the administrative SVM. To leave it where it is, take it out of Terraform's care with a removed block.",
	"10027086": "The cluster cannot resolve one of the servers. Check the names for typing errors and the DNS configuration of the SVM, or write IP addresses.",
	"10027107": "A pool needs at least one server and at least one privileged user.",
	"10027108": `The cluster does not accept one of the privileged users. Write each as domain\user, with a domain that the SVM knows.`,
	"10027248": "All but the role was carried out, and Terraform's state says so. See what keeps the role from being applied, such as an SVM that has Vscan enabled and would be left without an active pool, then run terraform apply again.",
	"10027256": "Check cluster_uuid: the cluster must be the local one, or its partner in a MetroCluster or disaster-recovery setup.",
	"10027257": "cluster_name and cluster_uuid are of different clusters: correct one of them, or leave it out.",
	"10027258": "Check cluster_name: the cluster must be the local one, or its partner in a MetroCluster or disaster-recovery setup.",
}

// explainPool says what a refusal means for this pool.
func explainPool(_ context.Context, _ *entity.Session, pool entity.Values, err error) string {
	owner := pool.Text("svm_name")
	if owner == "" {
		owner = pool.Text("svm_uuid")
	}
	switch code := api.CodeOf(err); {
	case api.ReasonOf(err) == api.NameTaken:
		return fmt.Sprintf("The SVM has a scanner pool of that name. To manage that one, import it: "+
			"terraform import storage_ontap_vscan_scanner_pool.NAME %s/%s. Otherwise choose another name.", owner, pool.Text("name"))
	case code == "10027070":
		return fmt.Sprintf("Vscan is enabled on the SVM %s and needs one active scanner pool, and this is the only one. "+
			"Create another pool with the role primary or secondary first, or disable Vscan (vserver vscan disable -vserver %s).", owner, owner)
	default:
		return remedies[code]
	}
}
