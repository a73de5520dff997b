package file_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
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
			// What it moves along, the pools' configurations want back.
			"filesystem.move_with_capacity": false,
		},
		Contradicts: contradiction,
		Never:       never,
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs": {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB"}},
			"storage_infinibox_filesystem.theirs": {Arguments: acctest.Attrs{
				"name": "their filesystem", "size": "1GB", "pool_id": testcore.Ref{Address: "storage_infinibox_pool.theirs", Attribute: "id"},
			}},
		}},
		Member: "storage_infinibox_filesystem.theirs",
	}
}

// never tells what the array does not change.
func never(e testcore.Said, p *testcore.Plan) bool {
	switch {
	case strings.Contains(e.Detail, "(TREEQ_WORM_FILESYSTEM)"):
		return true // it keeps the names of its TreeQs
	case strings.Contains(e.Detail, "(TREEQ_FILESYSTEM_READ_ONLY)"):
		return inProtected(e, p)
	case strings.Contains(e.Detail, "(SNAP_RESIZE_NOT_ALLOWED)"):
		// Who grew it while it could be written to has what cannot be made anew.
		c := p.Changes[e.Address]
		return c != nil && c.Action != testcore.Update && c.Value("write_protected") == true
	}
	return false
}

var filesystemOf = regexp.MustCompile(`filesystems/(\d+)/treeqs`)

// inProtected reports whether a TreeQ is in a filesystem that stays write-protected, or goes
// from one that is: Terraform deletes it before it lifts the protection. Those of before have
// their TreeQs, and no new one takes any.
func inProtected(e testcore.Said, p *testcore.Plan) bool {
	found := filesystemOf.FindStringSubmatch(e.Detail)
	if found == nil {
		return false
	}
	was, will := false, false
	for _, address := range p.Refreshed.Addresses() {
		state := p.Refreshed.Attributes(address)
		if testcore.TypeOf(address) != "storage_infinibox_filesystem" || fmt.Sprint(state["id"]) != found[1] {
			continue
		}
		was = state["write_protected"] == true
		will = was
		if c := p.Changes[address]; c != nil && c.Action == testcore.Update {
			will = c.Value("write_protected") == true
		}
	}
	return will || was && strings.HasPrefix(e.Summary, "Could not delete")
}

// contradiction says which arguments of a filesystem do not go together, and which snapshot
// is smaller than its filesystem: such as was taken before that grew is never made anew.
func contradiction(c testcore.Config) string {
	for address, r := range c.Resources {
		a := r.Arguments
		has := func(name string, value any) bool { return a[name] == nil || a[name] == value }
		switch {
		case has("worm_level", "NONE") && (a["worm_default_retention"] != nil || a["worm_legal_hold"] != nil):
			return address + " is no WORM filesystem"
		case has("security_style", "UNIX") && a["posix_file_ownership"] != nil:
			return address + " has UNIX permissions"
		case smaller(c, r):
			return address + " is smaller than what it is taken of"
		}
	}
	return ""
}

func smaller(c testcore.Config, r testcore.Resource) bool {
	parent, ok := r.Arguments["parent_id"].(testcore.Ref)
	if !ok {
		return false
	}
	asked, err := entity.ParseCapacity(fmt.Sprint(r.Arguments["size"]))
	least, errOfParent := entity.ParseCapacity(fmt.Sprint(c.Resources[parent.Address].Arguments["size"]))
	return err == nil && errOfParent == nil && asked < least
}
