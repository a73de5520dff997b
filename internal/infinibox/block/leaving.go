package block

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// losesOfVolume names what is lost with a volume or a snapshot: the snapshots of it.
func losesOfVolume(ctx context.Context, s *entity.Session, before entity.Values) []string {
	var said []string
	o, err := s.Client.ReadFrom(ctx, snapshotsByParent, fmt.Sprint(before.Int("id")))
	if children, _ := o["snapshots"].([]any); err == nil && len(children) > 0 {
		names := make([]string, len(children))
		for i, name := range children {
			names[i] = fmt.Sprintf("%q", name)
		}
		said = append(said, "Lost with it: "+few(names)+", and what was taken of these.")
	}
	if group := groupOf(ctx, s, before); group != "" {
		said = append(said, "It is taken out of "+group+" first.")
	}
	return said
}

// snapshotsByParent are the names of the snapshots of all volumes, by the volume.
var snapshotsByParent = withNone("snapshots", grouped("snapshots by parent", "volumes", "parent_id", "name", "snapshots", func(parent string) (string, entity.Query) {
	return "volumes", entity.Query{Fields: []string{"id", "name"}, Filters: entity.Where("parent_id", parent)}
}))

// withNone says of a source that what its listing has not is there, and empty.
func withNone(what string, s *entity.Source) *entity.Source {
	s.Absent = func(id string) entity.Object { return entity.Object{"id": id, what: []any{}} }
	return s
}

// leaveGroup takes a volume out of its consistency group: the array deletes no member.
func leaveGroup(ctx context.Context, s *entity.Session, before entity.Values) ([]entity.Request, error) {
	o, err := s.Client.Read(ctx, "volumes", fmt.Sprint(before.Int("id")), []string{"id", "cg_id", "cg_name"})
	if err != nil || entity.IsNothing(o["cg_id"]) {
		return nil, err
	}
	return []entity.Request{{Method: http.MethodDelete, Path: entity.Path("cgs", o["cg_id"], "members", before.Int("id"))}}, nil
}

// losesOfHost says what a host is taken out of.
func losesOfHost(ctx context.Context, s *entity.Session, before entity.Values) []string {
	o, err := s.Client.Read(ctx, "hosts", fmt.Sprint(before.Int("id")), []string{"id", "host_cluster_id"})
	if err != nil || entity.IsNothing(o["host_cluster_id"]) {
		return nil
	}
	cluster, err := s.Client.Read(ctx, "clusters", fmt.Sprint(o["host_cluster_id"]), []string{"id", "name"})
	if err != nil {
		return nil
	}
	return []string{fmt.Sprintf("It is taken out of the cluster %q (id %v) first.", cluster["name"], cluster["id"])}
}

// leaveCluster takes a host out of its cluster: the array deletes no member.
func leaveCluster(ctx context.Context, s *entity.Session, before entity.Values) ([]entity.Request, error) {
	o, err := s.Client.Read(ctx, "hosts", fmt.Sprint(before.Int("id")), []string{"id", "host_cluster_id"})
	if err != nil || entity.IsNothing(o["host_cluster_id"]) {
		return nil, err
	}
	return []entity.Request{removeHost(fmt.Sprint(o["host_cluster_id"]), before.Int("id"))}, nil
}
