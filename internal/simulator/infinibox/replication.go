package infinibox

import (
	"sync"
	"time"
)

// replication is what the array shares with the one on the other side of links.
type replication struct {
	links, replicas                  *collection
	replicationGroups, rgReplicas    *collection
	partner                          partner
	url                              string // where the array itself is served
	writing                          sync.Mutex
	cut, down                        bool    // the network to the partner is broken; the array is no more
	contact                          contact // how the partner was last found
	strike                           strike  // what a test has happen to a question to it
	syncTime                         time.Duration
	turns                            int // how often something happened by itself that the partner should know
	lastRGReplica, lastJob, lastGUID int
}

func (a *Array) addReplication(o Options) {
	a.links, a.replicas = newLinks(), newReplicas()
	a.replicationGroups, a.rgReplicas = newReplicationGroups(), newRGReplicas()
	a.collections = append(a.collections, a.links, a.replicas, a.replicationGroups, a.rgReplicas)
	a.holders["link_id"] = a.links
	a.syncTime = o.SyncTime
	if o.Peer != "" {
		a.partner = distant{o.Peer}
	}
}

func (a *Array) replicationRoutes(r router) {
	a.linkRoutes(r)
	a.remoteRoutes(r)
	a.replicaRoutes(r)
	a.replicationGroupRoutes(r)
	a.rgReplicaRoutes(r)
}
