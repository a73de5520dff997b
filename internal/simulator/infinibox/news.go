package infinibox

// What two arrays tell each other whenever they are in touch: how each stands with what they share. It is the whole of it each
// time, so that nothing is lost when they were out of touch.

// news is what one array has to tell.
type news struct {
	Links    []linkNews    `json:"links,omitempty"`
	Replicas []replicaNews `json:"replicas,omitempty"`
	Groups   []groupNews   `json:"groups,omitempty"`
	Known    bool          `json:"known"` // the lists are whole: what is not there is not any more
}

type linkNews struct {
	Link   int    `json:"link"` // as the hearer knows it
	ID     int    `json:"id"`
	Space  int    `json:"space"`
	System string `json:"system"`
	Types  []any  `json:"types"`
}

// replicaNews is how one side of a replica stands.
type replicaNews struct {
	ID, Replica int // here, and as the hearer knows it
	Role, Type  string
	Pool        int
	PoolName    string
	Group       any
	GroupName   any
	Suspended   string
	Ahead       bool
	Unready     bool
	Altering    bool // its members, at this moment
	Preferred   any
	Synced      any
	Restore     any
	GUID        any
	Job         jobNews
	Settings    map[string]any
	Pairs       []pairNews
	Snapshots   []snapshotNews
}

type jobNews struct {
	ID, Started, Ends, Left, Next int
	Kind                          string
}

type pairNews struct {
	Pair int // as the hearer knows it
	Name string
	Size int // at the restore point
}

// report gathers what this array has to tell.
func (a *Array) report() news {
	n := news{Known: true}
	for _, o := range a.links.all() {
		e := a.end(with(o, Object{".id": o.id()}))
		n.Links = append(n.Links, linkNews{o.int("remote_link_id"), o.id(), e.Space, a.systemName, e.Types})
	}
	for _, o := range a.replicas.all() {
		n.Replicas = append(n.Replicas, a.newsOf(o))
	}
	n.Groups = a.groupNews()
	return n
}

func (a *Array) newsOf(o Object) replicaNews {
	pool := a.poolOf(a.entityOf(o))
	n := replicaNews{
		ID: o.id(), Replica: o.int("remote_replica_id"), Role: o.text("role"), Type: o.text("replication_type"),
		Pool: pool.id(), PoolName: pool.name(), Group: o["local_cg_id"], GroupName: nameOf(a.groups.objects[o.int("local_cg_id")]),
		Suspended: o.text(".suspended"), Ahead: o.bool(".ahead"), Unready: o.bool(".unready"), Altering: o.bool(".altering"), Preferred: o["is_preferred"],
		Synced: o["last_synchronized"], Restore: o["restore_point"], GUID: o["_consistent_guid"],
		Job:      jobNews{o.int(".job"), o.int(".job_started"), o.int(".job_ends"), o.int(".job_left"), o.int(".next"), o.text(".job_kind")},
		Settings: settingsOf(o), Snapshots: a.snapshotNews(o),
	}
	for _, p := range pairsOf(o) {
		volume := a.dataset(p.int("local_entity_id"))
		size := p.int(".size")
		if isActiveActive(o) {
			size = volume.int("size")
		}
		n.Pairs = append(n.Pairs, pairNews{p.int("remote_pair_id"), volume.name(), size})
	}
	return n
}

// hear takes over what the other array tells.
func (a *Array) hear(n news) {
	if !n.Known {
		return
	}
	links := map[int]bool{}
	for _, told := range n.Links {
		links[told.Link] = true
		if o := a.links.objects[told.Link]; o != nil {
			o["remote_link_id"], o["remote_system_name"], o[".types"] = told.ID, told.System, told.Types
			o["remote_replication_network_space_id"] = told.Space
			if told.Space == 0 {
				o["remote_replication_network_space_id"] = nil
			}
		}
	}
	for _, o := range a.links.objects {
		if !links[o.id()] {
			o["remote_link_id"] = 0
		}
	}
	replicas := map[int]*replicaNews{}
	for i := range n.Replicas {
		replicas[n.Replicas[i].Replica] = &n.Replicas[i]
	}
	for _, o := range a.replicas.all() {
		told := replicas[o.id()]
		o[".orphan"] = told == nil || told.ID != o.int("remote_replica_id")
		if told != nil && !o.bool(".orphan") {
			a.hearOf(o, told)
		}
	}
	a.hearOfGroups(n.Groups)
	a.nextEvent = 0
}

// hearOf takes over how the other side of a replica stands.
func (a *Array) hearOf(o Object, n *replicaNews) {
	o["remote_pool_id"], o["remote_pool_name"] = n.Pool, n.PoolName
	o["remote_cg_id"], o["remote_cg_name"] = plainFloat(n.Group), n.GroupName
	o[".remote_role"] = n.Role
	for _, told := range n.Pairs {
		for _, p := range pairsOf(o) {
			if p.id() == told.Pair {
				p["remote_entity_name"] = told.Name
			}
		}
	}
	switch {
	case isActiveActive(o):
		a.hearOfActiveActive(o, n)
	case o["role"] == sourceRole && n.Role == sourceRole:
		if o.text(".suspended") == "" {
			a.suspend(o, byArray)
		}
	case o["role"] == targetRole && n.Role == sourceRole:
		if !n.Altering {
			a.letStrayGo(o, n)
		}
		a.followSource(o, n)
	}
}

// hearOfActiveActive shows on the second side of an active-active replica what the first one, which runs its jobs, tells.
func (a *Array) hearOfActiveActive(o Object, n *replicaNews) {
	if n.Suspended == "" && o.text(".suspended") == "" {
		a.growPeers(o, n)
	}
	if !o.bool(".second") {
		return
	}
	o[".unready"], o["last_synchronized"] = n.Unready, plainFloat(n.Synced)
	a.copyJob(o, n)
}

// growPeers gives active-active volumes the size that they were given on the other side while the two were apart.
func (a *Array) growPeers(o Object, n *replicaNews) {
	for _, told := range n.Pairs {
		for _, p := range pairsOf(o) {
			if volume := a.dataset(p.int("local_entity_id")); p.id() == told.Pair && told.Size > volume.int("size") {
				a.reaccount(volume, func() { volume["size"] = told.Size })
			}
		}
	}
}

// copyJob shows the job that the other side runs.
func (a *Array) copyJob(o Object, n *replicaNews) {
	o[".job"], o[".job_started"], o[".job_ends"], o[".job_left"] = n.Job.ID, n.Job.Started, n.Job.Ends, n.Job.Left
	o[".job_kind"], o[".next"] = n.Job.Kind, n.Job.Next
}

// followSource makes of a target what its source has sent.
func (a *Array) followSource(o Object, n *replicaNews) {
	if n.Type != o.text("replication_type") {
		o["replication_type"] = n.Type
		a.mark(o)
	}
	adoptSettings(o, n.Settings)
	o[".suspended"], o[".unready"] = n.Suspended, n.Unready
	a.copyJob(o, n)
	if restore := plainFloat(n.Restore); restore != nil && restore != o["restore_point"] {
		o["restore_point"] = restore
		a.overwrite(o, n)
	}
	o["last_synchronized"], o["_consistent_guid"] = plainFloat(n.Synced), n.GUID
	a.takeSnapshots(o, n.Snapshots)
}

// overwrite gives the datasets of a target the contents, and so the sizes, that the source had.
func (a *Array) overwrite(o Object, n *replicaNews) {
	for _, told := range n.Pairs {
		for _, p := range pairsOf(o) {
			volume := a.dataset(p.int("local_entity_id"))
			if p.id() != told.Pair || volume == nil || told.Size == 0 {
				continue
			}
			a.reaccount(volume, func() { volume["size"] = told.Size })
			p[".size"] = told.Size
			a.keepReplicationSnapshot(o, volume)
		}
	}
}
