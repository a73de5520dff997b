package ontap

import (
	"maps"
	"strings"
	"sync"
)

// cluster is the state, guarded by mu.
type cluster struct {
	mu       sync.Mutex
	options  Options
	clusters []Reference // the local one first
	nodes    []Reference
	svms     []*SVM
	servers  []map[string]any // of the seed

	rolesRefused map[string]bool
	disconnected map[string]string // the reason, by address
}

func newCluster(o Options, seed Seed) *cluster {
	c := &cluster{
		options: o, clusters: seed.Clusters, nodes: seed.Nodes, svms: seed.SVMs, servers: seed.Servers,
		rolesRefused: map[string]bool{}, disconnected: map[string]string{},
	}
	maps.Copy(c.disconnected, seed.Disconnected)
	return c
}

// roles of a pool.
const (
	primary   = "primary"
	secondary = "secondary"
	idle      = "idle"
)

func (c *cluster) svm(uuid string) *SVM {
	for _, v := range c.svms {
		if strings.EqualFold(v.UUID, uuid) {
			return v
		}
	}
	return nil
}

func (v *SVM) pool(name string) *Pool {
	for _, p := range v.Pools {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// adminHas tells whether the administrative SVM, and not this one, has a pool of that name.
func (c *cluster) adminHas(v *SVM, name string) bool {
	for _, other := range c.svms {
		if other.Admin && other != v && other.pool(name) != nil {
			return true
		}
	}
	return false
}

// activeBut tells whether the SVM has an active pool without this one.
func (v *SVM) activeBut(this *Pool) bool {
	for _, p := range v.Pools {
		if p != this && p.Role != idle {
			return true
		}
	}
	return false
}

// findCluster finds the cluster that a body names, by name, UUID or both.
func (c *cluster) findCluster(name, uuid string) (Reference, error) {
	var byName, byUUID *Reference
	for i := range c.clusters {
		if c.clusters[i].Name == name {
			byName = &c.clusters[i]
		}
		if strings.EqualFold(c.clusters[i].UUID, uuid) {
			byUUID = &c.clusters[i]
		}
	}
	switch {
	case name != "" && byName == nil:
		return Reference{}, refusal("10027258", "cluster.name", "The specified cluster_name %q does not exist", name)
	case uuid != "" && byUUID == nil:
		return Reference{}, refusal("10027256", "cluster.uuid", "The specified cluster_uuid %q does not exist", uuid)
	case name != "" && uuid != "" && byName != byUUID:
		return Reference{}, refusal("10027257", "cluster", "The specified cluster_name %q and cluster_uuid %q are valid but belong to different clusters", name, uuid)
	case byName != nil:
		return *byName, nil
	case byUUID != nil:
		return *byUUID, nil
	}
	return c.clusters[0], nil
}
