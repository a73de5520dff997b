// Package block holds the entities of InfiniBox block storage: pools, volumes
// and their snapshots, hosts, clusters of hosts, and the LUNs that map the ones
// to the others. Each file is one entity: its table of facts, and the few
// operations that are its own.
package block

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is all of this package.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Block", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{
		&Pool, &Volume, &VolumeSnapshot, &Host, &HostCluster, &HostClusterMember, &LUN,
		&ConsistencyGroup, &ConsistencyGroupMember, &SnapshotGroup, &VolumeGroupSnapshot,
		&SnapshotPolicy, &SnapshotPolicySchedule, &SnapshotPolicyAssignment,
		&QoS, &QoSPolicy, &QoSPolicyAssignment,
		&Dataset, &VVol, &VM, &Metadata, &SystemMetadata,
	}
}
