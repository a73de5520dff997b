package block

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// HostCluster is a group of hosts that see the same volumes under the same
// LUNs.
var HostCluster = entity.Kind{
	System:   common.System,
	Name:     "host_cluster",
	Plural:   "host_clusters",
	Path:     "clusters",
	Doc:      "A cluster of hosts: what is mapped to the cluster is mapped to each of its hosts, under the same LUN.",
	Metadata: entity.WithDefaults,
	Planning: entity.Planning{Check: checkCluster},
	Creation: entity.Creation{InUse: []string{"luns_count"}},
	Update:   entity.Update{OneByOne: true},
	Explain:  explainCluster,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Enum("host_type", "DEFAULT", "OPENVMS").Defaulted().Queryable().
			Doc("What kind of servers its hosts are."),
		entity.Integers("host_ids").Defaulted().To("host").From(memberIDs).Field("hosts").
			Members(entity.Relation{Add: addHost, Remove: removeHost, Exclude: mixes}).Joins(clusterOfHost, "id").
			Danger(losesCluster, entity.LosesMembers()).
			Doc("The ids of its hosts, all of them. Where it is not set, the cluster keeps the hosts that it has: see `storage_infinibox_host_cluster_member` for hosts that are put into it one by one."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("san_client_type").Doc("`CLUSTER`."),
		entity.Texts("port_type", nil).Doc("The types of its hosts' ports."),
		entity.Integer("ports_disconnected").Doc("How many of its hosts' ports are not connected."),
		entity.Text("path_health").Doc("The health of its hosts' paths."),
		entity.Text("resiliency").Doc("Whether it would survive the loss of a path."),
		entity.Integer("luns_count").Doc("How many volumes are mapped to it."),
		entity.Records("luns", mapping).Doc("The volumes mapped to it."),
	}, ofClusters),
}

// ofClusters are what the array tells of clusters, and of no host.
var ofClusters = entity.Facts{
	entity.Integer("hosts_count").Doc("How many hosts it has."),
	entity.Records("hosts", entity.Facts{
		entity.Integer("id").Doc("The host's id."),
		entity.Text("name").Doc("The host's name."),
	}).Doc("Its hosts."),
}

// mixes are the refusals of hosts that a cluster cannot have beside those which it has.
var mixes = []string{"CANT_MIX_NVME_OF_SCSI_ADD_NVME_HOST_TO_SCSI_CLUSTER", "CANT_MIX_NVME_OF_SCSI_ADD_SCSI_HOST_TO_NVME_CLUSTER"}

// checkCluster refuses hosts of another kind than the cluster's, which neither can change.
func checkCluster(ctx context.Context, p *entity.Plan) {
	kind := "DEFAULT"
	switch {
	case p.After == nil || p.Config.Null("host_ids") || p.Applying():
		return
	case p.After.Known("host_type"):
		kind = p.After.Text("host_type")
	case !p.Config.Null("host_type"):
		return // it is not known yet
	}
	var others []string
	for _, id := range p.After.Ints("host_ids") {
		o, err := p.Session.Client.Read(ctx, "hosts", fmt.Sprint(id), []string{"id", "name", "host_type"})
		if err == nil && o["host_type"] != kind {
			others = append(others, fmt.Sprintf("%q (id %d) is %v", common.NameOf(o), id, o["host_type"]))
		}
	}
	if len(others) > 0 {
		p.Refuse("host_ids", "Hosts are of another kind than their cluster",
			fmt.Sprintf("The host_type of the cluster is %s; of its hosts, %s. Give the cluster that type, or leave these hosts out.", kind, common.Few(others)))
	}
}

func memberIDs(cluster api.Object) any {
	ids := []any{}
	hosts, _ := cluster["hosts"].([]any)
	for _, h := range hosts {
		if host, ok := h.(api.Object); ok {
			ids = append(ids, host["id"])
		}
	}
	return ids
}

func addHost(cluster string, host any) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("clusters", cluster, "hosts"), Body: api.Object{"id": host}}
}

func removeHost(cluster string, host any) api.Request {
	return api.Request{Method: http.MethodDelete, Path: api.Path("clusters", cluster, "hosts", host)}
}

// explainCluster says what keeps a cluster from being deleted.
func explainCluster(ctx context.Context, s *entity.Session, cluster entity.Values, err error) string {
	if api.CodeOf(err) != "CLUSTER_HAS_LUNS" {
		return ""
	}
	var mappings []string
	for _, lun := range common.Collect(ctx, s, api.Path("clusters", cluster["id"], "luns"), api.Query{}) {
		mappings = append(mappings, describeMapping(lun))
	}
	return "Mapped to it: " + common.Few(mappings) + ". Remove these mappings first."
}
