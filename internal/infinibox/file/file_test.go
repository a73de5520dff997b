package file_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/file"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, file.Area(), area.Tests{
		Tables: map[string]acctest.Table{
			"filesystem":          filesystems,
			"filesystem_snapshot": snapshots,
			"export":              exports,
			"treeq":               treeqs,
			"nfs_user":            nfsUsers,
			"share":               shares,
			"share_permission":    sharePermissions,
			"share_folder_acl":    folderACLs,
			"smb_group":           smbGroups,
			"smb_user":            smbUsers,
		},
		// Of these there is one each.
		Apart: map[string]func(*testing.T){
			"nfs_server": TestAccServers, "smb_server": TestAccServers, "active_directory_domain": TestAccActiveDirectoryDomain,
		},
		Faults: map[string]acctest.Table{
			"nfs_server": nfsServerOfTheFaults, "smb_server": smbServerOfTheFaults, "active_directory_domain": domainsOfTheFaults,
		},
		Actions: map[string]acctest.Action{
			"filesystem_restore": restored,
			"filesystem_refresh": refreshed,

			"smb_session_disconnect":   disconnected,
			"smb_handle_close":         closed,
			"smb_file_locks_break":     brokenSMBLocks,
			"nlm_locks_break":          brokenNLMLocks,
			"nlm_locks_remove_orphans": removedOrphans,
		},
		Questions: questions,
		Walk:      estate(),
	})
}

// What the tests here are written with.
var resource = acctest.ArrayResource
