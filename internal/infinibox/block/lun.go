package block

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"path"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// mapping are the fields of a LUN within a host's or a cluster's object, and mapped
// those of them that are not by what it is known there.
var (
	mapping = entity.Join(entity.Facts{
		entity.Integer("lun").Doc("The LUN under which hosts see the volume."),
		mappedHost,
		mappedCluster,
	}, mapped)
	mappedHost    = entity.Ref("host_id").Doc("The id of the host.")
	mappedCluster = entity.Ref("host_cluster_id").Doc("The id of the cluster.")
	mapped        = entity.Facts{
		entity.Integer("id").Doc("The number the array gave the mapping."),
		entity.Ref("volume_id").Doc("The id of the volume or snapshot."),
		entity.Bool("clustered").Doc("Whether it is a mapping to a cluster."),
		entity.Integer("udid").Doc("The unit number that OpenVMS hosts see."),
	}
)

// losesLUN is why it is dangerous to unmap.
const losesLUN = "Hosts lose access to the volume, and applications on it may fail."

// LUN maps a volume or a snapshot to a host or to a cluster of hosts. It is
// known by the two, and changes to neither in place.
var LUN = entity.Kind{
	System: common.System,
	Name:   "lun",
	Plural: "luns",
	Noun:   "LUN",
	Path:   "luns",
	Doc:    "A LUN: the mapping of a volume or a snapshot to a host or to a cluster of hosts.",
	// A volume that is mapped elsewhere by then wants approval.
	Approvable: true,
	Rules:      []entity.Rule{entity.ExactlyOne("host_id", "cluster_id")},
	Identity:   entity.Identity{Key: []string{"volume_id", "host_id", "cluster_id"}},
	Reading:    entity.Reading{Find: findLUN},
	Planning: entity.Planning{
		Check:  checkMapping,
		Weighs: []entity.Consent{{Doing: "map a volume that is mapped already", Reason: mappedElsewhere}},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: lunsOf(after)}
		},
	},
	Deletion: entity.Deletion{
		Danger: losesLUN,
		Request: func(before entity.Values) api.Request {
			return api.Request{Method: http.MethodDelete, Path: lunsOf(before) + "/" + api.Path("volume_id", before.Int("volume_id"))}
		},
	},
	Listing: entity.Listing{Scope: []string{"volume_id", "host_id", "cluster_id"}, List: listLUNs},
	Explain: explainLUN,
	Facts: entity.Facts{
		entity.ID().Unqueried().Doc("The number the array gave the mapping."),
		entity.Ref("volume_id").Required().To("volume", "volume_snapshot").
			Doc("The id of the volume or snapshot."),
		entity.Ref("host_id").Optional().To("host").InPath().
			Doc("The id of the host; either this or `cluster_id`."),
		entity.Ref("cluster_id").Field("host_cluster_id").Optional().To("host_cluster").InPath().
			Doc("The id of the cluster; either this or `host_id`."),
		entity.Integer("lun").Defaulted().Between(0, 16383).OncePer("host_id", "cluster_id").
			Doc("The LUN under which hosts see the volume: 0 to 16383. Where it is not set, the array chooses a free one."),
		entity.Bool("clustered").Doc("Whether it is a mapping to a cluster."),
		entity.Integer("udid").Doc("The unit number that OpenVMS hosts see."),
	},
}

// lunsOf is the collection of LUNs of the mapping's host or cluster.
func lunsOf(v entity.Values) string {
	if v.Known("cluster_id") {
		return api.Path("clusters", v.Int("cluster_id"), "luns")
	}
	return api.Path("hosts", v.Int("host_id"), "luns")
}

func findLUN(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if !v.Known("volume_id") || v.Known("host_id") == v.Known("cluster_id") {
		return nil, fmt.Errorf("a LUN is found by volume_id and either host_id or cluster_id")
	}
	return s.Client.ReadFrom(ctx, mappings, fmt.Sprintf("%s/%d", lunsOf(v), v.Int("volume_id")))
}

// mappings are the LUNs of all hosts and clusters, each known by the path of its
// owner's LUNs and the volume: "clusters/1001/luns/1003".
var mappings = &api.Source{
	Name: "luns",
	Get: func(ctx context.Context, c api.Client, id string) (api.Object, error) {
		owner, volume := path.Split(id)
		luns := api.Path("volumes", volume, "luns")
		return api.First(c.List(ctx, luns, api.Query{}), func(lun api.Object) bool { return mappingID(lun) == id }, &api.Error{
			Reason: api.NotFound, Operation: "GET " + luns, Status: http.StatusNotFound,
			Message: fmt.Sprintf("Volume %s is not mapped to %s", volume, path.Dir(path.Clean(owner))),
		})
	},
	List: allLUNs,
	ID:   mappingID,
}

// mappingID is by what a mapping is known. What a host has from its cluster has
// no id of its own.
func mappingID(lun api.Object) string {
	switch {
	case inherited(lun):
		return ""
	case lun["clustered"] == true:
		return fmt.Sprintf("clusters/%v/luns/%v", lun["host_cluster_id"], lun["volume_id"])
	}
	return fmt.Sprintf("hosts/%v/luns/%v", lun["host_id"], lun["volume_id"])
}

// inherited tells what a host has from its cluster, which the array lists beside
// the cluster's own mapping.
func inherited(lun api.Object) bool {
	host, err := common.Number(lun["host_id"])
	return lun["clustered"] == true && err == nil && host != 0
}

// listLUNs lists the mappings of a volume, a host or a cluster, else all.
func listLUNs(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		left := q.Limit
		pass := func(lun api.Object, err error) bool {
			if err == nil && (inherited(lun) && !scope.Known("host_id") || !within(scope, lun)) {
				return true
			}
			if !yield(lun, err) || err != nil {
				return false
			}
			left--
			return left != 0
		}
		switch {
		case scope.Known("volume_id"):
			s.Client.List(ctx, api.Path("volumes", scope.Int("volume_id"), "luns"), api.Query{})(pass)
		case scope.Known("host_id") || scope.Known("cluster_id"):
			s.Client.List(ctx, lunsOf(scope), api.Query{})(pass)
		default:
			allLUNs(ctx, s.Client)(pass)
		}
	}
}

// within reports whether a mapping is of the host or the cluster that a listing is
// confined to.
func within(scope entity.Values, lun api.Object) bool {
	is := func(argument, field string) bool {
		return !scope.Known(argument) || fmt.Sprint(lun[field]) == fmt.Sprint(scope.Int(argument))
	}
	return is("host_id", "host_id") && is("cluster_id", "host_cluster_id")
}

// allLUNs lists the mappings of all hosts and clusters, which the array returns
// with these. What a host has from its cluster is there once: at the cluster.
func allLUNs(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		for _, owners := range []string{"hosts", "clusters"} {
			for lun, err := range api.InAll(ctx, c, owners, "luns", "") {
				if (err != nil || !inherited(lun)) && !yield(lun, err) || err != nil {
					return
				}
			}
		}
	}
}

// mappedElsewhere is why it is dangerous to map a volume once more.
const mappedElsewhere = "Hosts that write to one volume without a cluster's file system destroy each other's data."

// checkMapping weighs a mapping of a volume that others see already, which the array
// refuses without approval. What is mapped only after the plan it tells at apply.
func checkMapping(ctx context.Context, p *entity.Plan) {
	if p.Before != nil || p.Second || p.Applying() || !p.After.Known("volume_id") {
		return
	}
	o, err := p.Session.Client.Read(ctx, "volumes", fmt.Sprint(p.After.Int("volume_id")), []string{"id", "name", "mapped"})
	if err != nil || o["mapped"] != true {
		return
	}
	// The very mapping is in the way of its creation, which tells whose it is.
	if _, err := findLUN(ctx, p.Session, p.After); api.ReasonOf(err) == api.NotFound {
		p.Weigh(fmt.Sprintf("Mapping volume %q once more", o["name"]), "It is mapped already. "+mappedElsewhere)
	}
}

// explainLUN says whose the number is.
func explainLUN(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if code := api.CodeOf(err); code != "LUN_EXISTS" || !v.Known("lun") {
		return ""
	}
	for _, other := range common.Collect(ctx, s, lunsOf(v), api.Query{}) {
		if n, err := common.Number(other["lun"]); err == nil && n == v.Int("lun") {
			return fmt.Sprintf("LUN %d is taken: %s. Choose another number, or leave lun out and the array chooses a free one.", n, describeMapping(other))
		}
	}
	return ""
}
