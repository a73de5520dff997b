package file_test

import (
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// pools are what filesystems are moved between.
func pools(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	arguments := acctest.Attrs{"name": acctest.Name(b), "physical_capacity": "100TB"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_pool", Least: arguments, Most: arguments,
		Changes: map[string]acctest.Change{"physical_capacity": {Through: []any{"100TB", "200TB"}}},
	}
}

// filesystemsOfTheWalk are those of the table, but for a drift that nothing heals.
func filesystemsOfTheWalk(t *testing.T) acctest.Suite {
	s := filesystems(t)
	granularity := s.Changes["atime_granularity"]
	granularity.Drift = nil // nothing puts it back to the 0 that it has untouched
	s.Changes["atime_granularity"] = granularity
	return s
}

// ofShares are kinds of another walk.
const ofShares = "it is in the walk of TestAccChangesOfShares"

// estate is what random changes are made in.
func estate() *walk.Estate {
	return &walk.Estate{
		Lab:    func(t *testing.T) acctest.Simulated { return acctest.SimulateInfiniBox(t, simulator.Options{}) },
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{"pool": pools, "filesystem": filesystemsOfTheWalk},
		Aside: map[string]string{
			"nfs_server": "there is one, which all share", "smb_server": "there is one, which all share",
			"active_directory_domain": "there is one alone, and joining it is no change of an estate",
			"share":                   ofShares, "share_permission": ofShares, "share_folder_acl": ofShares, "smb_user": ofShares, "smb_group": ofShares, "nfs_user": ofShares,
		},
		Relations: map[string]walk.Relation{"filesystem_snapshot.parent_id": {To: []string{"filesystem"}}},
		Always: map[string]any{
			"filesystem.suspend_state": "NONE", // TestAccFilesystemSuspended
			// What is under legal hold stays until the hold is lifted: TestAccFilesystemKept.
			"filesystem.worm_legal_hold": false,
		},
		Contradicts: contradiction,
		Never: func(e testcore.Said, _ *testcore.Plan) bool {
			return strings.Contains(e.Detail, "(TREEQ_WORM_FILESYSTEM)") // keeps the names of its TreeQs
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs": {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB"}},
			"storage_infinibox_filesystem.theirs": {Arguments: acctest.Attrs{
				"name": "their filesystem", "size": "1GB", "pool_id": testcore.Ref{Address: "storage_infinibox_pool.theirs", Attribute: "id"},
			}},
		}},
		Member: "storage_infinibox_filesystem.theirs",
	}
}

// contradiction says which arguments of a filesystem do not go together.
func contradiction(c testcore.Config) string {
	for address, r := range c.Resources {
		a := r.Arguments
		has := func(name string, value any) bool { return a[name] == nil || a[name] == value }
		switch {
		case has("worm_level", "NONE") && (a["worm_default_retention"] != nil || a["worm_legal_hold"] != nil):
			return address + " is no WORM filesystem"
		case has("security_style", "UNIX") && a["posix_file_ownership"] != nil:
			return address + " has UNIX permissions"
		}
	}
	return ""
}
