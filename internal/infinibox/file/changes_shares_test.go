package file_test

import (
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Shares are of filesystems of the style WINDOWS, and exports of those of UNIX: the two have
// a walk each.
func TestAccChangesOfShares(t *testing.T) {
	t.Parallel()
	if acctest.OnReal() {
		t.Skip("nobody breaks a real system")
	}
	walk.Run(t, walk.Estate{
		Lab:    func(t *testing.T) acctest.Simulated { return acctest.SimulateInfiniBox(t, simulator.Options{}) },
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{
			"pool": pools, "filesystem": filesystemsOfShares, "share": sharesOfTheWalk, "share_permission": sharePermissions, "share_folder_acl": folderACLs,
			"smb_group": smbGroups, "smb_user": smbUsers, "nfs_user": nfsUsers,
		},
		Relations: map[string]walk.Relation{
			"smb_user.primary_group_id": {To: []string{"smb_group"}},
			"smb_user.group_ids":        {To: []string{"smb_group"}},
			"share.permissions":         {}, // its permissions are resources of their own
		},
		Unique: map[string][][]string{"nfs_user": {{"uid"}}, "share_permission": {{"share_id", "sid"}}, "share_folder_acl": {{"share_id", "principal"}}},
		Contradicts: func(c testcore.Config) string {
			for address, r := range c.Resources {
				a := r.Arguments
				if testcore.TypeOf(address) == "storage_infinibox_nfs_user" && a["sid"] == nil && (a["primary_gsid"] != nil || a["supplementary_gsids"] != nil) {
					return address + " is no user of Windows"
				}
				for _, primary := range testcore.References(a["primary_group_id"]) {
					for _, other := range testcore.References(a["group_ids"]) {
						if primary.Address == other.Address {
							return address + " has its primary group twice"
						}
					}
				}
			}
			return ""
		},
		Stays: map[string]string{"share": "the ACL is the directory's: its entries stay, and are in the way of those of the next share"},
		Never: func(e testcore.Said, _ *testcore.Plan) bool {
			return strings.Contains(e.Detail, "(SMB_GROUP_HAS_MEMBERS)") // Terraform deletes a group that is renamed before its users get the new one
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs": {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB"}},
			"storage_infinibox_filesystem.theirs": {Arguments: acctest.Attrs{
				"name": "their filesystem", "size": "1GB", "security_style": "WINDOWS", "pool_id": testcore.Ref{Address: "storage_infinibox_pool.theirs", Attribute: "id"},
			}},
			"storage_infinibox_share.theirs": {Arguments: acctest.Attrs{
				"name": "theirs", "filesystem_id": testcore.Ref{Address: "storage_infinibox_filesystem.theirs", Attribute: "id"},
			}},
		}},
		Member: "storage_infinibox_share.theirs",
	})
}

// filesystemsOfShares have the style of Windows.
func filesystemsOfShares(t *testing.T) acctest.Suite {
	s := filesystems(t)
	s.Least = s.Least.With(acctest.Attrs{"security_style": "WINDOWS"})
	s.Changes = map[string]acctest.Change{"name": s.Changes["name"], "size": s.Changes["size"], "pool_id": s.Changes["pool_id"]}
	return s
}

// sharesOfTheWalk are those of the table, but for what takes a directory, or a filesystem of
// the style UNIX.
func sharesOfTheWalk(t *testing.T) acctest.Suite {
	s := shares(t)
	for _, name := range []string{
		"inner_path", "default_file_unix_permissions", "default_folder_unix_permissions", "is_home_share", "internal_base_path", "user_directory", "user_dir_auto_create",
	} {
		delete(s.Changes, name)
	}
	return s
}
