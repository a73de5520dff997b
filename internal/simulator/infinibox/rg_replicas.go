package infinibox

import (
	"errors"
	"fmt"
	"net/http"
)

// The replica of a replication group: asynchronous, and with fewer liberties than other replicas have. What becomes of its roles
// is VMware's affair.

const (
	failedOver         = "FAILEDOVER"
	leastGroupInterval = 2000
)

func newRGReplicas() *collection {
	return newCollection(collection{
		path: "rg_replicas", noun: "Replica", absent: "REPLICA_NOT_FOUND", command: "GetAllRgReplicas", key: "id",
		number:   func(a *Array, _ Object) int { a.lastRGReplica++; return a.lastRGReplica },
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins, "force"), onePerUpdate: true,
		check: checkRGReplica, stored: rgReplicaStored,
		danger: func(Object) string { return endDanger },
		keeps:  func(rq *request, o Object) error { return rq.a.keepsRGReplica(rq, o) },
		delete: func(rq *request, o Object) { rq.a.dropRGReplica(o) },
		computed: map[string]func(a *Array, o Object) any{
			"replication_group_name": func(a *Array, o Object) any {
				return nameOf(a.replicationGroups.objects[o.int("replication_group_id")])
			},
			"pool_id": func(a *Array, o Object) any {
				return a.replicationGroups.objects[o.int("replication_group_id")]["pool_id"]
			},
			"state":             rgReplicaState,
			"state_reason":      rgReplicaReason,
			"state_description": rgReplicaDescription,
			"sync_job_id":       jobValue(".job"),
			"jobs":              func(a *Array, o Object) any { return a.jobsOf(o) },
			"job_state":         jobState,
			"progress":          jobProgress,
		},
	}, `
		id                            integer  filter sort
		replication_group_id          integer  required
		replication_group_name        text
		remote_replication_group_id   integer  filter sort create null
		remote_replication_group_name text     filter sort create null
		remote_replica_id             integer  filter sort
		link_id                       integer  filter sort required
		pool_id                       integer  filter sort
		remote_pool_id                integer  filter sort create null
		base_action                   text(NEW|EXISTING)  create null
		replication_type              text(ASYNC)  filter sort create  ="ASYNC"
		role                          text(SOURCE|TARGET|FAILEDOVER)  filter sort
		state                         text
		state_reason                  text
		state_description             text
		sync_interval                 integer  filter sort create update null
		rpo_value                     integer  filter sort create update null
		rpo_state                     text
		jobs                          list
		job_state                     text
		sync_job_id                   integer
		progress                      integer
		throughput                    integer
		allocated_size                integer
		last_synchronized             integer
		created_at                    integer  filter sort
		updated_at                    integer  filter sort
		_enabled                      boolean  filter sort update  =true
		_assigned_local_ip_index      integer  filter sort  =0
		_session_snapshots_id         integer  filter sort
		_replica_configuration_guid   text     filter sort
		_consistent_guid              text
		_future_consistent_guid       text
		_local_link_guid              text
	`)
}

func (a *Array) rgReplicaRoutes(r router) {
	r.serve(a, a.rgReplicas)
	post := func(path string, do func(rq *request, o Object) (any, error)) {
		r.write(http.MethodPost, "/rg_replicas/{id}/"+path, poolAdmins, func(rq *request) (any, error) {
			o, err := rq.object(a.rgReplicas)
			if err == nil {
				err = a.mayChangeRGReplica(rq, o)
			}
			if err != nil {
				return nil, err
			}
			return do(rq, o)
		})
	}
	post("sync", a.syncRGReplica)
	post("suspend", func(_ *request, o Object) (any, error) { return a.enableRGReplica(o, false) })
	post("resume", func(_ *request, o Object) (any, error) { return a.enableRGReplica(o, true) })
}

// mayChangeRGReplica refuses a user what is in a pool that is not his.
func (a *Array) mayChangeRGReplica(rq *request, o Object) error {
	return rq.mayChange(a.replicationGroups.objects[o.int("replication_group_id")])
}

func rgReplicaState(_ *Array, o Object) any {
	switch {
	case !o.bool("_enabled"), o["role"] == failedOver:
		return "SUSPENDED"
	case o.text(".suspended") == byArray, o.bool(".orphan"):
		return "AUTO_SUSPENDED"
	}
	return "ACTIVE"
}

func rgReplicaReason(a *Array, o Object) any {
	if o["role"] == failedOver {
		return "VASA_REPLICA_FAILEDOVER"
	}
	return replicaReason(a, o)
}

func rgReplicaDescription(a *Array, o Object) any {
	if o["role"] == failedOver {
		return "The vVols rg is failedover"
	}
	return replicaDescription(a, o)
}

// groupOffer is what the other array is asked to make its side of a group's replica from.
type groupOffer struct {
	ID       int    `json:"id"`
	Link     int    `json:"link"`
	Group    int    `json:"group"`
	Name     string `json:"name"`
	NewName  string `json:"new_name"`
	Pool     int    `json:"pool"`
	FromPool int    `json:"from_pool"`
	Interval any    `json:"interval"`
	RPO      any    `json:"rpo"`
}

type groupAcceptance struct {
	ID    int    `json:"id"`
	Group int    `json:"group"`
	Name  string `json:"name"`
}

// checkRGReplica checks the replica of a replication group; of a new one it makes the other side.
func checkRGReplica(ch *change) error {
	a, o := ch.a, ch.after
	if !ch.isNew() {
		return checkRGReplicaUpdate(ch)
	}
	group, err := a.replicationGroups.find(o.int("replication_group_id"))
	if err != nil {
		return err
	}
	if err := ch.rq.mayChange(group); err != nil {
		return err
	}
	link := a.links.objects[o.int("link_id")]
	switch {
	case a.rgReplicaOf(group) != nil:
		return conflict("REPLICATION_GROUP_ALREADY_REPLICATED", "Replication group %s is already replicated", group.name())
	case o["base_action"] == "EXISTING" && o["remote_replication_group_id"] == nil:
		return conflict("REPLICA_CREATE_EXISTING_INCONSISTENT_PARAM", "A replica created from existing remote entity must contain a remote entity ID")
	case o["base_action"] == "EXISTING":
		return conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Creating a Vasa replica with EXISTING base action")
	case o["remote_pool_id"] == nil:
		return conflict("REPLICA_CREATE_NEW_INCONSISTENT_PARAM", "A replica created with a new remote entity must contain a remote pool")
	case link == nil:
		return conflict("REPLICA_MISSING_LINK", "A non-existent link ID was supplied for replica creation")
	case a.isDetached(link):
		return errDetached
	}
	if err := replicasFull(a); err != nil {
		return err
	}
	if interval := o.int("sync_interval"); interval != 0 && (interval < leastGroupInterval || interval > defaultInterval) {
		return conflict("REPLICA_INVALID_SYNC_INTERVAL", "The replica interval has to be zero or between 2 seconds and 4 seconds")
	}
	if o["sync_interval"] == nil {
		o["sync_interval"] = defaultInterval
	}
	if o["rpo_value"] == nil {
		o["rpo_value"] = 0
	}
	o["role"], o["base_action"], o[".unready"] = sourceRole, "NEW", true
	o["_replica_configuration_guid"], o["_local_link_guid"] = a.guid(), link["_link_configuration_guid"]
	off := groupOffer{
		ID: a.lastRGReplica + 1, Link: link.int("remote_link_id"), Group: group.id(), Name: group.name(), FromPool: group.int("pool_id"),
		NewName: o.text("remote_replication_group_name"), Pool: o.int("remote_pool_id"), Interval: o["sync_interval"], RPO: o["rpo_value"],
	}
	var made groupAcceptance
	if err := a.ask(ch.rq.remoteLogin(), "rg/create", off, &made); err != nil {
		if errors.Is(err, errUnheard) {
			a.lastRGReplica = off.ID // by which the other array knows it
		}
		return linked(link, err)
	}
	o["remote_replica_id"], o["remote_replication_group_id"], o["remote_replication_group_name"] = made.ID, made.Group, made.Name
	return nil
}

func checkRGReplicaUpdate(ch *change) error {
	a, o := ch.a, ch.before
	if err := a.mayChangeRGReplica(ch.rq, o); err != nil {
		return err
	}
	if o["role"] != sourceRole {
		return errOnTarget
	}
	if ch.sets("_enabled") && !a.carriesData(a.linkOf(o)) {
		return errLinkIO(a.linkOf(o))
	}
	return a.checkIntervals(ch)
}

func rgReplicaStored(ch *change) {
	a, o := ch.a, ch.after
	switch {
	case ch.isNew():
		o["_session_snapshots_id"] = 1<<30 + o.id()
		a.markVVols(o)
		a.beginJob(o, "INITIAL", o.int("created_at"))
		a.planSync(o, o.int("created_at"))
	case ch.sets("_enabled"):
		a.setReplicating(o, o.bool("_enabled"))
	case ch.sets("sync_interval"):
		a.planSync(o, a.clock())
	}
	a.touchReplicas()
}

// markVVols notes on the members of a group whether they are replicated.
func (a *Array) markVVols(replica Object) {
	group := a.replicationGroups.objects[replica.int("replication_group_id")]
	for _, vvol := range a.vvolsOf(group) {
		vvol["is_replicated"] = a.rgReplicaOf(group) != nil
	}
}

// acceptGroupReplica makes this side of the replica of a replication group.
func (a *Array) acceptGroupReplica(v *visit) (any, error) {
	var off groupOffer
	if err := v.read(&off); err != nil {
		return nil, err
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	link, pool := a.links.objects[off.Link], a.pools.objects[off.Pool]
	if link == nil || pool == nil {
		return nil, errPrepare
	}
	if a.isDetached(link) {
		return nil, errDetached
	}
	if err := mayHold(v, pool); err != nil {
		return nil, err
	}
	name := off.NewName
	if name == "" {
		name = off.Name
	}
	rq := v.request(http.MethodPost)
	ch, err := a.propose(rq, a.replicationGroups, map[string]any{"name": name, "pool_id": off.Pool})
	if err != nil {
		return nil, err
	}
	group := ch.after
	a.add(group)
	a.replicationGroups.stored(ch)
	replica := a.make(a.rgReplicas, map[string]any{
		"replication_group_id": group.id(), "link_id": link.id(), "role": targetRole, "remote_replica_id": off.ID,
		"remote_replication_group_id": off.Group, "remote_replication_group_name": off.Name, "remote_pool_id": off.FromPool,
		"sync_interval": plainFloat(off.Interval), "rpo_value": plainFloat(off.RPO), ".unready": true,
		"_replica_configuration_guid": a.guid(),
	})
	a.add(replica)
	replica["_session_snapshots_id"] = 1<<30 + replica.id()
	return groupAcceptance{replica.id(), group.id(), group.name()}, nil
}

// keepsRGReplica refuses to delete the replica of a replication group, and deletes its other side.
func (a *Array) keepsRGReplica(rq *request, o Object) error {
	if err := a.mayChangeRGReplica(rq, o); err != nil {
		return err
	}
	force, link := rq.flag("force"), a.linkOf(o)
	switch {
	case o["role"] == failedOver && !force:
		return conflict("REPLICA_DELETION_ERROR", "Replica deletion failed. Can not delete FAILEDOVER replica, please delete with force flag")
	case o["role"] == targetRole && a.carriesData(link) && !o.bool(".orphan"):
		return conflict("REPLICA_DELETION_NOT_ALLOWED_ON_TARGET", "Replica deletion is allowed on the target system when the link to source is down")
	case o["role"] == targetRole || o.bool(".orphan"):
		return nil
	}
	if err := linked(link, unclear(a.ask(rq.remoteLogin(), "rg/delete", o.int("remote_replica_id"), nil), "deletion")); err != nil && !force {
		return err
	}
	return nil
}

// dropRGReplica ends this side of the replica of a replication group; the group stays.
func (a *Array) dropRGReplica(o Object) {
	if a.rgReplicas.objects[o.id()] == nil {
		return
	}
	a.remove(o)
	a.markVVols(o)
	a.touchReplicas()
}

func (a *Array) dropGroupReplicaFor(v *visit) (any, error) {
	var id int
	if err := v.read(&id); err != nil {
		return nil, err
	}
	o := a.rgReplicas.objects[id]
	if o == nil {
		return nil, nil
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	a.dropRGReplica(o)
	return nil, nil
}

// syncRGReplica starts a job now, and tells which point in time it is going to be.
func (a *Array) syncRGReplica(_ *request, o Object) (any, error) {
	group := a.replicationGroups.objects[o.int("replication_group_id")]
	switch {
	case o["role"] != sourceRole:
		return nil, errOnTarget
	case o.text(".suspended") == byArray || o.bool(".orphan"):
		return nil, conflict("REPLICA_CANNOT_SYNC_WHILE_AUTO_SUSPENDED", "A replication group cannot be synchronised when it is auto-suspended")
	case o.int(".job") != 0:
		return nil, conflict("REPLICA_SYNC_JOB_ALREADY_ACTIVE", "A new sync job cannot be started while the previous one is active or queued")
	case a.poolOf(group).text("state") == "LOCKED":
		return nil, errSyncPool
	}
	moment := a.now()
	a.beginJob(o, "MANUAL", moment)
	return map[string]any{
		"replication_group_id": group.id(), "point_in_timestamp": moment, "lcs_id": a.lastJob, "vvols": a.renderAll(a.vvolsOf(group), []string{"id"}),
		"point_in_time_replica_id": o.id(), "result": "MGMT_COMMAND_RESULT__SUCCESS", "rmr_sync_job_id": a.lastJob,
	}, nil
}

// enableRGReplica stops a replica, or lets it go on.
func (a *Array) enableRGReplica(o Object, enabled bool) (any, error) {
	if o["role"] != sourceRole {
		return nil, errOnTarget
	}
	if err := a.needContact(o); err != nil {
		return nil, err
	}
	a.setReplicating(o, enabled)
	return a.touched(o), nil
}

func (a *Array) setReplicating(o Object, enabled bool) {
	o["_enabled"], o[".suspended"] = enabled, ""
	if !enabled {
		o[".suspended"] = byUser
	}
	a.touchReplicas()
}

// groupNews is how one side of a replication group's replica stands.
type groupNews struct {
	ID, Replica   int // here, and as the hearer knows it
	Role, Name    string
	Suspended     string
	Enabled       bool
	Unready       bool
	Synced, GUID  any
	Interval, RPO any
	Job           jobNews
	VVols         []vvolNews
}

// vvolNews is a vVol that has gone to the other side.
type vvolNews struct {
	ID   int
	Name string
	Type string
	Size int
}

func (a *Array) groupNews() []groupNews {
	var told []groupNews
	for _, o := range a.rgReplicas.all() {
		group := a.replicationGroups.objects[o.int("replication_group_id")]
		n := groupNews{
			ID: o.id(), Replica: o.int("remote_replica_id"), Role: o.text("role"), Name: group.name(), Suspended: o.text(".suspended"),
			Enabled: o.bool("_enabled"), Unready: o.bool(".unready"), Synced: o["last_synchronized"], GUID: o["_consistent_guid"],
			Interval: o["sync_interval"], RPO: o["rpo_value"],
			Job: jobNews{o.int(".job"), o.int(".job_started"), o.int(".job_ends"), o.int(".job_left"), o.int(".next"), o.text(".job_kind")},
		}
		if o["role"] == sourceRole && o["last_synchronized"] != nil {
			for _, vvol := range a.vvolsOf(group) {
				n.VVols = append(n.VVols, vvolNews{vvol.id(), vvol.name(), vvol.text("vvol_type"), vvol.int("size")})
			}
		}
		told = append(told, n)
	}
	return told
}

// hearOfGroups takes over how the other sides of the replicas of replication groups stand.
func (a *Array) hearOfGroups(told []groupNews) {
	byReplica := map[int]*groupNews{}
	for i := range told {
		byReplica[told[i].Replica] = &told[i]
	}
	for _, o := range a.rgReplicas.all() {
		n := byReplica[o.id()]
		o[".orphan"] = n == nil || n.ID != o.int("remote_replica_id")
		if o.bool(".orphan") {
			continue
		}
		o["remote_replication_group_name"], o[".remote_role"] = n.Name, n.Role
		if o["role"] != targetRole {
			continue
		}
		o["_enabled"], o[".suspended"], o[".unready"] = n.Enabled, n.Suspended, n.Unready
		o["last_synchronized"], o["_consistent_guid"] = plainFloat(n.Synced), n.GUID
		o["sync_interval"], o["rpo_value"] = plainFloat(n.Interval), plainFloat(n.RPO)
		o[".job"], o[".job_started"], o[".job_ends"], o[".job_left"] = n.Job.ID, n.Job.Started, n.Job.Ends, n.Job.Left
		o[".job_kind"], o[".next"] = n.Job.Kind, n.Job.Next
		a.takeVVols(o, n.VVols)
	}
}

// takeVVols makes of a target's group what its source is: vVols come, and go.
func (a *Array) takeVVols(replica Object, told []vvolNews) {
	group := a.replicationGroups.objects[replica.int("replication_group_id")]
	known := map[int]Object{}
	for _, vvol := range a.vvolsOf(group) {
		known[vvol.int(".source")] = vvol
	}
	for _, n := range told {
		if known[n.ID] == nil {
			vvol := a.addVVol(map[string]any{"name": n.Name, "pool_id": group["pool_id"], "vvol_type": n.Type, "size": n.Size, ".source": n.ID})
			a.setGroup(vvol, group)
		}
		delete(known, n.ID)
	}
	for _, vvol := range known {
		a.remove(vvol)
	}
}

// replicateGroups does what the replicas of replication groups are due for.
func (a *Array) replicateGroups(moment int) {
	for _, o := range a.rgReplicas.all() {
		if !drives(o) {
			continue
		}
		if ends := o.int(".job_ends"); ends != 0 && ends <= moment {
			a.finishJob(o, ends)
		}
		if due := o.int(".next"); due != 0 && due <= moment {
			a.planSync(o, due)
			if o.text(".suspended") == "" {
				a.beginJob(o, "SCHEDULED", due)
			}
		}
	}
}

// SeedReplicationGroup puts vVols into a replication group, as VMware does.
type SeedReplicationGroup struct {
	ID    int    `json:"id"`
	VVols []int  `json:"vvols,omitempty"`
	Role  string `json:"role,omitempty"` // of its replica: FAILEDOVER after VMware's failover
}

func (a *Array) plantReplicationGroup(s SeedReplicationGroup) error {
	group := a.replicationGroups.objects[s.ID]
	if group == nil {
		return fmt.Errorf("replication group %d: there is none", s.ID)
	}
	for _, id := range s.VVols {
		vvol := a.vvols.objects[id]
		if vvol == nil || vvol["pool_id"] != group["pool_id"] {
			return fmt.Errorf("replication group %d: vVol %d is not in its pool", s.ID, id)
		}
		a.setGroup(vvol, group)
	}
	if s.Role == "" {
		return nil
	}
	replica := a.rgReplicaOf(group)
	if replica == nil || s.Role != failedOver {
		return fmt.Errorf("replication group %d: it has no replica that could be %s", s.ID, s.Role)
	}
	replica["role"] = failedOver
	return nil
}
