package block

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Lookups are the questions about block storage that no entity answers.
func Lookups() []*entity.Lookup {
	return slices.Concat([]*entity.Lookup{
		common.DeleteSimulation("volume", "volumes"),
		{
			System: common.System, Name: "internal_volumes", What: "internal volumes",
			Doc: "The volumes that the array keeps for itself: all of a type, or those of one volume.",
			Arguments: entity.Facts{
				entity.Enum("type", "MASTER", "SNAPSHOT").Optional().Doc("The type. Where neither it nor `parent_id` is set, the array's raw list is read."),
				entity.Ref("parent_id").Optional().Doc("The id of the volume."),
			},
			Facts: entity.Facts{entity.Records("volumes", entity.Join(anyDataset, anyVolume)).Doc("The volumes found.")},
			Ask:   askInternal("volumes", "internal_volumes", "volumes"),
		},
		{
			System: common.System, Name: "internal_datasets", What: "internal datasets",
			Doc: "The volumes and filesystems that the array keeps for itself: all of a type, or those of one dataset.",
			Arguments: entity.Facts{
				entity.Enum("type", "MASTER", "SNAPSHOT").Optional().Doc("The type, `MASTER` where neither it nor `parent_id` is set."),
				entity.Ref("parent_id").Optional().Doc("The id of the dataset."),
			},
			Facts: entity.Facts{entity.Records("datasets", Dataset.Facts).Doc("The datasets found.")},
			Ask:   askInternal("datasets", "internal_datasets", "datasets"),
		},
		{
			System: common.System, Name: "replication_pairs", What: "replication pairs",
			Doc: "The pairs by which a volume or a filesystem is replicated.",
			Arguments: entity.Facts{
				entity.Ref("volume_id").Optional().Doc("The id of the volume; either this or `filesystem_id`."),
				entity.Ref("filesystem_id").Optional().Doc("The id of the filesystem."),
			},
			Facts: entity.Facts{entity.Records("pairs", entity.Join(entity.Facts{
				entity.Record("local_entity", Dataset.Facts).Doc("The volume or filesystem on this side."),
				entity.Integer("local_entity_id").Field("local_entity.id").Doc("The id of the volume or filesystem on this side."),
				entity.Text("local_entity_name").Field("local_entity.name").Doc("Its name on this side."),
			}, common.PairFacts)).Doc("The pairs found.")},
			Ask: askReplicationPairs,
		},
		{
			System: common.System, Name: "host_port", What: "host port",
			Doc: "The host that a port belongs to: by the port's address or by its key.",
			Arguments: entity.Facts{
				entity.Text("initiator_address").Optional().Doc("The WWPN, IQN or NQN; either this or `port_key`."),
				entity.Integer("port_key").Optional().Doc("The number by which the array knows the port."),
			},
			Facts: entity.Facts{
				entity.Integer("host_id").Doc("The id of the host."),
				entity.Text("address").Doc("The WWPN, IQN or NQN."),
				entity.Text("type").Doc("`FC`, `ISCSI` or `NVME`."),
			},
			Ask: askHostPort,
		},
		{
			System: common.System, Name: "initiator", What: "initiator",
			Doc:       "An initiator that the array sees, and its paths.",
			Arguments: entity.Facts{entity.Text("initiator_address").Required().Doc("The WWPN, IQN or NQN.")},
			Facts:     initiator,
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("initiators", v.Text("initiator_address"))}))
			},
		},
		{
			System: common.System, Name: "initiators", What: "initiators",
			Doc:       "The initiators that the array sees, and their paths.",
			Arguments: entity.Facts{entity.Ref("host_id").Optional().Doc("Lists only those of this host.")},
			Facts:     entity.Facts{entity.Records("initiators", initiator).Doc("The initiators found.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				var q api.Query
				if v.Known("host_id") {
					q.Filters = api.Where("host_id", v.ID("host_id"))
				}
				return common.Listing(ctx, s, "initiators", "initiators", q)
			},
		},
		{
			System: common.System, Name: "san_clients", What: "SAN clients",
			Doc:   "All hosts and clusters of hosts.",
			Facts: entity.Facts{entity.Records("san_clients", sanClient).Doc("The hosts and clusters.")},
			Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "san_clients", "san_clients", api.Query{})
			},
		},
		{
			System: common.System, Name: "host_cluster_hosts", What: "cluster's hosts",
			Doc:       "The hosts of a cluster.",
			Arguments: entity.Facts{entity.Ref("cluster_id").Required().Doc("The id of the cluster.")},
			Facts:     entity.Facts{entity.Records("hosts", Host.Facts).Doc("The hosts.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "hosts", api.Path("clusters", v.Int("cluster_id"), "hosts"), api.Query{})
			},
		},
		{
			System: common.System, Name: "pool_administrators", What: "pool's administrators",
			Doc:       "Who may change what is in a pool: its owners, and all users who administer the whole array.",
			Arguments: entity.Facts{entity.Ref("pool_id").Required().Doc("The id of the pool.")},
			Facts:     entity.Facts{entity.Integers("user_ids").Doc("The ids of the users; those of built-in users are negative.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				ids, err := common.Field(ctx, s, api.Path("pools", v.Int("pool_id"), "all_admins"))
				return api.Object{"user_ids": ids}, err
			},
		},
		{
			System: common.System, Name: "administered_pools", What: "pools",
			Doc:   "The pools that the user whom the provider works as owns. Users who administer the whole array need not own any.",
			Facts: entity.Facts{entity.Records("pools", Pool.Facts).Doc("The pools.")},
			Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "pools", "pools/administered_pools", api.Query{})
			},
		},
		{
			System: common.System, Name: "ssa_express", What: "SSA Express cache",
			Doc: "What is in the SSA Express cache, or on its way into it, and what waits for it.",
			Facts: entity.Facts{
				entity.Records("active", cached).Doc("The datasets in the cache or on their way into it."),
				entity.Records("queue", cached).Doc("The datasets that wait for it, the first first."),
			},
			Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
				active, err := common.Listing(ctx, s, "active", "system/ssa_express/active", api.Query{})
				if err != nil {
					return nil, err
				}
				queue, err := common.Listing(ctx, s, "queue", "system/ssa_express/queue", api.Query{})
				if err != nil {
					return nil, err
				}
				active["queue"] = queue["queue"]
				return active, nil
			},
		},
		{
			System: common.System, Name: "search", What: "objects",
			Doc: "Objects of any kind whose name holds a text.",
			Arguments: entity.Facts{
				entity.Text("query").Required().Doc("The text."),
				entity.Text("type").Optional().Doc("Only objects of this type, such as `host` or `volume`."),
			},
			Facts: entity.Facts{entity.Records("results", entity.Facts{
				entity.Integer("id").Doc("The object's id."),
				entity.Text("name").Doc("Its name."),
				entity.Text("type").Doc("Its type."),
				common.AsJSON("keywords").Doc("Keywords of the object as JSON, for `jsondecode`; absent where there are none."),
				common.AsJSON("properties").Doc("Properties of the object as JSON, for `jsondecode`."),
			}).Doc("The objects found.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				q := api.Query{Params: url.Values{"query": {v.Text("query")}}}
				if v.Known("type") {
					q.Params.Set("type", v.Text("type"))
				}
				return common.Listing(ctx, s, "results", "search", q)
			},
		},
		{
			System: common.System, Name: "qos_assigned_entities", What: "QoS assignments",
			Doc: "What is assigned to QoS policies: to any, or to one; all of it, or one assignment.",
			Arguments: entity.Facts{
				entity.Ref("qos_policy_id").Optional().Doc("Only what is assigned to the policy of this id."),
				entity.Integer("assignment_id").Optional().Doc("Only the assignment of this id. Where the policy is given too, it is an error if the assignment is another policy's."),
			},
			Facts: entity.Facts{entity.Records("assigned_entities", entity.Facts{
				entity.Integer("id").Doc("The assignment's id."),
				entity.Integer("qos_policy_id").Doc("The id of the policy."),
				entity.Integer("entity_id").Doc("The id of what is assigned to it."),
				entity.Text("entity_name").Doc("Its name."),
				entity.Text("entity_type").Doc("What it is."),
				common.CreatedAt(),
				common.UpdatedAt(),
			}).Doc("The assignments found.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				path := "qos/assigned_entities"
				if v.Known("qos_policy_id") {
					path = api.Path("qos", "policies", v.Int("qos_policy_id"), "assigned_entities")
				}
				if !v.Known("assignment_id") {
					return common.Listing(ctx, s, "assigned_entities", path, api.Query{})
				}
				one, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: path + "/" + api.Path(v.Int("assignment_id"))}))
				return api.Object{"assigned_entities": []any{one}}, err
			},
		},
		common.Attribute(&Pool, "pool_id"),
		common.Attribute(&Volume, "volume_id"),
		common.Attribute(&ConsistencyGroup, "consistency_group_id"),
		common.Attribute(&Host, "host_id"),
		common.Attribute(&HostCluster, "cluster_id"),
	}, lunLookups(), pairLookups())
}

// sanClient are the fields of a host or a cluster, whichever it is.
var sanClient = entity.Join(Host.Facts, ofClusters)

var initiator = entity.Facts{
	entity.Text("address").Doc("The WWPN, IQN or NQN."),
	entity.Text("type").Doc("`FC`, `ISCSI` or `NVME`."),
	entity.Ref("host_id").Doc("The id of the host it belongs to."),
	entity.Integer("paths").Doc("How many paths it has."),
	entity.Text("connectivity_status").Doc("How well it is connected."),
	entity.Integer("port_key").Doc("The number by which the array knows the port."),
	entity.Records("targets", entity.Facts{
		entity.Text("address").Doc("The array's port."),
		entity.Integer("node_id").Doc("The array's node."),
		entity.Text("netspace_name").Doc("The network space, of an iSCSI or NVMe-oF path."),
		entity.Text("initiator_ip").Doc("The initiator's address, of an iSCSI or NVMe-oF path."),
		entity.Text("target_ip").Doc("The array's address, of an iSCSI or NVMe-oF path."),
	}).Doc("The array's ports that it reaches."),
}

var cached = entity.Facts{
	entity.Integer("id").Doc("The dataset's id."),
	entity.Text("name").Doc("The dataset's name."),
	entity.Text("dataset_type").Doc("`VOLUME` or `FILESYSTEM`."),
	entity.Capacity("size").Doc("The dataset's size."),
	entity.Text("ssa_express_status").Doc("How far the move into or out of the cache is."),
}

func askInternal(collection, which, result string) func(context.Context, *entity.Session, entity.Values) (api.Object, error) {
	return func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		switch {
		case v.Known("parent_id") && v.Known("type"):
			return nil, errors.New("it takes either type or parent_id")
		case v.Known("parent_id"):
			return common.Listing(ctx, s, result, api.Path(collection, v.Int("parent_id"), which), api.Query{})
		case v.Known("type"):
			return common.Listing(ctx, s, result, api.Path(collection, which, v.Text("type")), api.Query{})
		case collection == "volumes":
			return common.Listing(ctx, s, result, "volumes/_raw", api.Query{})
		}
		return common.Listing(ctx, s, result, api.Path(collection, which, "MASTER"), api.Query{})
	}
}

func askReplicationPairs(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("volume_id") == v.Known("filesystem_id") {
		return nil, errors.New("it takes either volume_id or filesystem_id")
	}
	of := api.Path("volumes", v.Int("volume_id"))
	if v.Known("filesystem_id") {
		of = api.Path("filesystems", v.Int("filesystem_id"))
	}
	return common.Listing(ctx, s, "pairs", of+"/replication_pairs", api.Query{})
}

func askHostPort(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("port_key") == v.Known("initiator_address") {
		return nil, errors.New("it takes either initiator_address or port_key")
	}
	if v.Known("port_key") {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("hosts", "ports", v.Int("port_key"))}))
	}
	address := v.Text("initiator_address")
	if wwpn.MatchString(normalWWPN(address)) {
		address = normalWWPN(address)
	}
	id, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("hosts", "host_id_by_initiator_address", address)})
	if err != nil {
		return nil, err
	}
	ports, err := common.Listing(ctx, s, "ports", api.Path("hosts", id, "ports"), api.Query{})
	if err != nil {
		return nil, err
	}
	for _, p := range ports["ports"].([]any) {
		if port, ok := p.(api.Object); ok && port["address"] == address {
			return port, nil
		}
	}
	return api.Object{"host_id": id, "address": address}, nil
}
