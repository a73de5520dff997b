package block

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// losesOfVolume names what is lost with a volume or a snapshot: the snapshots of it, and
// what was taken of these.
func losesOfVolume(ctx context.Context, s *entity.Session, before entity.Values) []string {
	said := common.LosesSnapshots(ctx, s, "volumes", volumeSnapshots, before)
	if id, group := groupOf(ctx, s, before); group != "" {
		said = append(said, "It is taken out of "+group+" first.")
		return append(said, whatLeaves(ctx, s, id, before.ID("id"), nil)...)
	}
	return append(said, common.ReplicatedFirst(ctx, s, "volumes", before.ID("id"), "deletes")...)
}

var volumeSnapshots = common.SnapshotsIn("volumes")

// leaveGroup takes a volume out of its consistency group: the array deletes no member.
func leaveGroup(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	o, err := s.Client.Read(ctx, "volumes", fmt.Sprint(before.Int("id")), []string{"id", "cg_id", "cg_name"})
	if err != nil || api.IsNothing(o["cg_id"]) {
		return nil, err
	}
	return []api.Request{{Method: http.MethodDelete, Path: api.Path("cgs", o["cg_id"], "members", before.Int("id"))}}, nil
}

// losesOfHost says what a host is taken out of.
func losesOfHost(ctx context.Context, s *entity.Session, before entity.Values) []string {
	o, err := s.Client.Read(ctx, "hosts", fmt.Sprint(before.Int("id")), []string{"id", "host_cluster_id"})
	if err != nil || api.IsNothing(o["host_cluster_id"]) {
		return nil
	}
	cluster, err := s.Client.Read(ctx, "clusters", fmt.Sprint(o["host_cluster_id"]), []string{"id", "name"})
	if err != nil {
		return nil
	}
	return []string{fmt.Sprintf("It is taken out of the cluster %q (id %v) first.", cluster["name"], cluster["id"])}
}

// leaveCluster takes a host out of its cluster: the array deletes no member.
func leaveCluster(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	o, err := s.Client.Read(ctx, "hosts", fmt.Sprint(before.Int("id")), []string{"id", "host_cluster_id"})
	if err != nil || api.IsNothing(o["host_cluster_id"]) {
		return nil, err
	}
	return []api.Request{removeHost(fmt.Sprint(o["host_cluster_id"]), before.Int("id"))}, nil
}
