package vscan_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// estate is what random changes are made in.
func estate() *walk.Estate {
	const kind, theirs = "vscan_scanner_pool", poolType + ".theirs"
	return &walk.Estate{
		Lab:     func(t *testing.T) acctest.Simulated { return acctest.NewONTAP(t, simulator.Options{}) },
		Prefix:  "storage_ontap_",
		Either:  map[string][]string{kind: {"svm_name", "svm_uuid"}},
		Instead: map[string][]string{kind: {"cluster_name", "cluster_uuid"}}, // both: TestAccScannerPoolOfClusterNamedTwice
		Shared:  []string{kind + ".servers", kind + ".privileged_users"},
		About: func(path string, pool map[string]any) bool {
			return path == fmt.Sprintf("/api/protocols/vscan/%v/scanner-pools/%v", pool["svm_uuid"], pool["name"])
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			theirs: {Arguments: acctest.Attrs{
				"name": "theirs", "svm_uuid": acctest.SVMUUID, "servers": []any{"10.0.0.1"}, "privileged_users": []any{`cifs\u1`},
			}},
		}},
		Member: theirs,
	}
}
