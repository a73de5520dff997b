// Package replication holds what an InfiniBox copies to another one: the links between the
// two, the replicas that go over them, and what is done with these when a site fails. It has the
// way to the other array's own API too.
// Each file is one entity: its table of facts, and the few operations that are its own.
package replication

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is what the provider serves of replication.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Replication", Kinds: Kinds(), Lookups: Lookups(), Actions: Actions()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{
		&Link, &Replica,
		&ReplicationGroup, &RGReplica,
	}
}

// Lookups are the questions that no object of its own answers.
func Lookups() []*entity.Lookup { return []*entity.Lookup{&ReplicaJobs, &ReplicaEntityPairs, &Remote} }

// Actions are the operations that leave no state of their own.
func Actions() []*entity.Action {
	return []*entity.Action{
		&LinkRefresh, &ReplicaSync, &ReplicaSwitchRole, &ReplicaChangeRole,
		&replicationGroupMemberRemove, &rgReplicaSync, &remoteCall,
	}
}
