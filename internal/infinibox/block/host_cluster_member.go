package block

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// clusterOfHost is the relation between a host and the cluster that it is in.
const clusterOfHost = "cluster of a host"

// losesCluster is why it is dangerous to take a host out of its cluster.
const losesCluster = "A host that leaves the cluster loses access to all volumes that are mapped to the cluster."

// HostClusterMember puts one host into a cluster, for teams that own hosts and clusters
// apart. The array knows it as a field of the host.
var HostClusterMember = entity.Kind{
	System: common.System,
	Name:   "host_cluster_member",
	Plural: "host_cluster_members",
	Path:   "hosts",
	Doc: "A host in a host cluster, for configurations in which hosts and clusters are managed apart. A host is in one cluster at most. " +
		"It does for one host what `host_ids` of `storage_infinibox_host_cluster` does for all: a cluster takes one of the two, so leave its `host_ids` out.",
	// It may give hosts access to a volume by SCSI and by NVMe-oF at once.
	Approvable: true,
	Identity:   entity.Identity{Key: []string{"cluster_id", "host_id"}},
	Reading: entity.Reading{
		Find: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			if !v.Known("cluster_id") || !v.Known("host_id") {
				return nil, errors.New("a host in a cluster is found by cluster_id and host_id")
			}
			host, err := clusteredHost(ctx, s, v)
			if err == nil && fmt.Sprint(host["host_cluster_id"]) != fmt.Sprint(v.Int("cluster_id")) {
				err = noMember("Host", v.Int("host_id"), fmt.Sprintf("cluster %d", v.Int("cluster_id")))
			}
			return host, err
		},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("clusters", after.Int("cluster_id"), "hosts")}
		},
		Answer: func(after entity.Values, _ any) (api.Object, error) {
			return api.Object{"host_cluster_id": after.Int("cluster_id"), "id": after.Int("host_id")}, nil
		},
		Occupant: clusteredHost,
	},
	Deletion: entity.Deletion{
		Danger: losesCluster,
		Request: func(before entity.Values) api.Request {
			return removeHost(fmt.Sprint(before.Int("cluster_id")), before.Int("host_id"))
		},
	},
	Listing: entity.Listing{Scope: []string{"cluster_id", "host_id"}, List: listClusterMembers},
	Explain: explainClusterMember,
	Facts: entity.Facts{
		entity.Ref("cluster_id").Field("host_cluster_id").Required().To("host_cluster").InPath().
			Doc("The id of the cluster."),
		entity.Ref("host_id").Field("id").Required().To("host").Joins(clusterOfHost, "cluster_id").
			Doc("The id of the host."),

		entity.Text("host_name").Field("name").Doc("The host's name."),
	},
}

// memberHost are the fields of a host that tell of its cluster.
var memberHost = []string{"id", "name", "host_cluster_id"}

// clusteredHost is the host as the member of whatever cluster it is in.
func clusteredHost(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	host, err := s.Client.Read(ctx, "hosts", fmt.Sprint(v.Int("host_id")), memberHost)
	if err == nil && api.IsNothing(host["host_cluster_id"]) {
		err = noMember("Host", v.Int("host_id"), "any cluster")
	}
	return host, err
}

// noMember is the error of a membership that is not there.
func noMember(what string, id int64, of string) error {
	return &api.Error{
		Reason: api.NotFound, Operation: "GET members", Status: http.StatusNotFound,
		Message: fmt.Sprintf("%s %d is not in %s", what, id, of),
	}
}

// listClusterMembers lists the hosts of a cluster, or of all: the array filters hosts by
// anything but that.
func listClusterMembers(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	hosts := api.Query{Fields: memberHost}
	if scope.Known("host_id") {
		hosts.Filters = api.Where("id", fmt.Sprint(scope.Int("host_id")))
	}
	return func(yield func(api.Object, error) bool) {
		left := q.Limit
		for host, err := range s.Client.List(ctx, "hosts", hosts) {
			if err == nil && (api.IsNothing(host["host_cluster_id"]) ||
				scope.Known("cluster_id") && fmt.Sprint(host["host_cluster_id"]) != fmt.Sprint(scope.Int("cluster_id"))) {
				continue
			}
			if !yield(host, err) || err != nil {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// explainClusterMember names the cluster that the host is in.
func explainClusterMember(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if code := api.CodeOf(err); api.ReasonOf(err) != api.AlreadyThere && code != "HOST_ASSIGNED_TO_CLUSTER" && code != "HOST_EXISTS" {
		return ""
	}
	host, err := clusteredHost(ctx, s, v)
	if err != nil {
		return ""
	}
	cluster, err := s.Client.Read(ctx, "clusters", fmt.Sprint(host["host_cluster_id"]), []string{"id", "name"})
	if err != nil {
		return ""
	}
	return fmt.Sprintf("Host %q is in the cluster %q (id %v). A host is in one cluster at most.", host["name"], cluster["name"], cluster["id"])
}
