// Package block holds the entities of InfiniBox block storage: pools, volumes
// and their snapshots, hosts, clusters of hosts, and the LUNs that map the ones
// to the others. Each file is one entity: its table of facts, and the few
// operations that are its own.
package block

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

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

const (
	system = "infinibox"

	// blockSize is what the array counts capacities in.
	blockSize = 512
)

// name is the name of any object of the array: 1 to 65 characters. The reference
// shows some characters refused and lists none; those are refused here.
func name() entity.Fact { return named(entity.Name(65)) }

// named is a text that may hold what a name may.
func named(f entity.Fact) entity.Fact {
	return f.Matching(
		regexp.MustCompile(`^[^\x00-\x1f\x7f-\x{10ffff}*<>:;]*$`),
		"ASCII letters, digits, spaces, \"-\", \"_\" and \".\"")
}

// createdAt and updatedAt are on every object of the array.
func createdAt() entity.Fact {
	return entity.Moment("created_at").Lasting().Queryable().Doc("When the object was created.")
}

func updatedAt() entity.Fact {
	return entity.Moment("updated_at").Queryable().Doc("When the object was last changed.")
}

func tenant() entity.Fact {
	return entity.Integer("tenant_id").Doc("The tenant that the object belongs to.")
}

// reduction is what the array tells of the space that it saves, of pools and of
// what is in them.
var reduction = entity.Facts{
	entity.Capacity("capacity_savings").Doc("What compression and the like save."),
	entity.Capacity("zeros_capacity").Doc("Zeros that take no space."),
	entity.Decimal("data_reduction_ratio").Doc("Data written to data stored."),
	entity.Decimal("reducible_data_percents").Filterable().Doc("The share of data that can be reduced, in percent."),
	entity.Decimal("reducible_data_reduction_ratio").Filterable().Doc("Data written to data stored, of the data that can be reduced."),
	entity.Capacity("reducible_host_written_data").Doc("What hosts have written that can be reduced."),
	entity.Capacity("reducible_data_disk_usage_capacity").Doc("What is taken on disk by data that can be reduced."),
	entity.Decimal("non_reducible_data_percents").Doc("The share of data that cannot be reduced, in percent."),
	entity.Decimal("non_reducible_data_reduction_ratio").Doc("Data written to data stored, of the data that cannot be reduced."),
	entity.Capacity("non_reducible_host_written_data").Doc("What hosts have written that cannot be reduced."),
	entity.Capacity("non_reducible_data_disk_usage_capacity").Doc("What is taken on disk by data that cannot be reduced."),
}

// few names up to five things and counts the rest.
func few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// named collects the quoted names of the objects that a query selects.
func quotedNames(objects []entity.Object) []string {
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = fmt.Sprintf("%q", o["name"])
	}
	return names
}
