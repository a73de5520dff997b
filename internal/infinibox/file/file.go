// Package file holds the entities of InfiniBox file storage: filesystems and their
// snapshots, TreeQs, exports and shares, the servers behind them and their users, the Active
// Directory domain, and what clients have open and locked. Each file is one entity: its
// table of facts, and the few operations that are its own.
package file

import (
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Area is what the provider serves of file storage.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: File", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{
		&Filesystem, &FilesystemSnapshot, &TreeQ,
		&Export, &NFSServer, &NFSUser,
		&Share, &SharePermission, &ShareFolderACL, &SMBServer, &SMBUser, &SMBGroup,
		&ActiveDirectoryDomain, &ActiveDirectoryUser,
	}
}

// Actions are the operations of file storage that change data once, and leave no state
// of their own.
func Actions() []*entity.Action {
	return slices.Concat(smbSessionActions(), nlmActions(), []*entity.Action{
		breakSMBFileLocks(),
		common.Overwrite("filesystem", "filesystems", "restore", "filesystem_id", "the filesystem to restore", "snapshot_id", "the snapshot of it to restore from",
			"Restores a filesystem from one of its snapshots, in place: clients that have it mounted go on with the restored data. The array restores no WORM filesystem.",
			"What is on the filesystem now is lost, unless there is another snapshot of it; clients that have files open may find them damaged."),
		common.Overwrite("filesystem", "filesystems", "refresh", "snapshot_id", "the snapshot to refresh", "filesystem_id", "its parent, whose content it gets",
			"Refreshes a snapshot: its content becomes what its parent's is now.",
			"What is on the snapshot now is lost; clients that have it mounted may find their files damaged."),
	})
}

// Lookups are the questions about file storage that no entity answers.
func Lookups() []*entity.Lookup {
	return slices.Concat(smbSessionLookups(), smbLockLookups(), nlmLookups(), []*entity.Lookup{
		common.DeleteSimulation("filesystem", "filesystems"),
		common.Attribute(&Filesystem, "filesystem_id"),
	})
}
