package infinibox

import (
	"fmt"
	"slices"
)

// A replica is checked here first, then by the other array, which makes its side; only then does this side come to be.

// offer is what the other array is asked to make its side of a replica from.
type offer struct {
	ID        int            `json:"id"` // of the replica, and of the link as the other array knows it
	Link      int            `json:"link"`
	Entity    string         `json:"entity"`
	Type      string         `json:"type"`
	Pool      int            `json:"pool"`
	Suffix    string         `json:"suffix"` // of the names of members that it makes
	Group     string         `json:"group"`  // name of a consistency group that it makes
	GroupID   int            `json:"group_id"`
	SourceID  int            `json:"source_group_id"`
	Source    string         `json:"source_group"`
	Pairs     []pairOffer    `json:"pairs"`
	Settings  map[string]any `json:"settings"`
	PoolID    int            `json:"source_pool_id"`
	PoolName  string         `json:"source_pool"`
	Preferred bool           `json:"preferred"` // the other array's side is
}

// pairOffer is one pair of an offer.
type pairOffer struct {
	ID       int    `json:"id"` // of the pair, the entity here, and the one that is there already
	Entity   int    `json:"entity"`
	Name     string `json:"name"`
	Existing int    `json:"existing"`
	Base     int    `json:"base"`
	NewName  string `json:"new_name"`
	Size     int    `json:"size"`
	Serial   string `json:"serial"`
	NGUID    string `json:"nguid"`
	WORM     string `json:"worm"`
}

// acceptance is what the other array has made of an offer.
type acceptance struct {
	ID       int          `json:"id"`
	Pool     int          `json:"pool"`
	PoolName string       `json:"pool_name"`
	Group    int          `json:"group"`
	Name     string       `json:"group_name"`
	Pairs    []pairAnswer `json:"pairs"`
}

type pairAnswer struct {
	ID     int    `json:"id"`
	Entity int    `json:"entity"`
	Name   string `json:"name"`
}

// sharedSettings are the fields of a replica that both sides have alike.
var sharedSettings = []string{
	"sync_interval", "rpo_value", "including_snapshots", "snapshots_retention", "remote_snapshot_suffix", "lock_remote_snapshot_retention",
}

func settingsOf(o Object) map[string]any {
	settings := map[string]any{}
	for _, name := range sharedSettings {
		settings[name] = o[name]
	}
	return settings
}

// adoptSettings takes over what the other side says of what both have alike.
func adoptSettings(o Object, settings map[string]any) {
	for _, name := range sharedSettings {
		if value, given := settings[name]; given {
			o[name] = plainFloat(value)
		}
	}
}

// plainFloat is a number of JSON as the array keeps it.
func plainFloat(value any) any {
	if x, ok := value.(float64); ok {
		return int(x)
	}
	return value
}

func replicasFull(a *Array) error {
	if len(a.replicas.objects)+len(a.rgReplicas.objects) >= a.limits.Replicas {
		return conflict("REPLICA_LIMIT", "A new replica cannot be created. The system has reached the maximum number of replicas")
	}
	return nil
}

// checkReplica checks a replica as it is going to be; of a new one it makes the other side.
func checkReplica(ch *change) error {
	if !ch.isNew() {
		return checkReplicaUpdate(ch)
	}
	a, o := ch.a, ch.after
	if err := checkReplicaFields(ch); err != nil {
		return err
	}
	link, err := a.replicationLink(o)
	if err != nil {
		return err
	}
	pairs, err := a.readPairs(ch)
	if err != nil {
		return err
	}
	if err := a.checkReplicated(ch, pairs); err != nil {
		return err
	}
	if err := checkSnapshotReplication(o); err != nil {
		return err
	}
	if err := a.checkIntervals(ch); err != nil {
		return err
	}
	return a.offerReplica(ch, link, pairs)
}

// onlyOfActiveActive and onlyOfAsync are fields that replicas of other types do not take.
var (
	onlyOfActiveActive = []string{"is_preferred", "mobility_source"}
	onlyOfAsync        = []string{"rpo_value", "sync_interval"}
	onlyOfGroups       = []string{"local_cg_id", "remote_cg_id", "remote_cg_name"}
)

// checkReplicaFields refuses fields that do not go together.
func checkReplicaFields(ch *change) error {
	o := ch.after
	refused := func(names []string, when bool) error {
		for _, name := range names {
			if when && ch.values[name] != nil {
				return errUnsupported(name)
			}
		}
		return nil
	}
	if err := refused(onlyOfActiveActive, !isActiveActive(o)); err != nil {
		return err
	}
	if err := refused(onlyOfAsync, o["replication_type"] != asyncType); err != nil {
		return err
	}
	if err := refused(onlyOfGroups, o["entity_type"] != groupEntity); err != nil {
		return err
	}
	if ch.values["mobility_source"] == false {
		return badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (false) for field ('mobility_source')")
	}
	return nil
}

// replicationLink is the link that a new replica is to go over.
func (a *Array) replicationLink(o Object) (Object, error) {
	link := a.links.objects[o.int("link_id")]
	switch {
	case link == nil:
		return nil, conflict("REPLICA_MISSING_LINK", "A non-existent link ID was supplied for replica creation")
	case a.isDetached(link):
		return nil, errDetached
	case !slices.Contains(a.linkTypes(link), o["replication_type"]):
		return nil, errLinkType
	}
	return link, nil
}

var errLinkType = &apiError{"REPLICA_INVALID_LINK", 409, "The link remote network space does not support this replication type"}

// checkReplicated refuses to replicate what cannot be.
func (a *Array) checkReplicated(ch *change, pairs []*pair) error {
	o := ch.after
	entities := make([]Object, 0, len(pairs)+1)
	for _, p := range pairs {
		entities = append(entities, p.entity)
	}
	if group := a.groups.objects[o.int("local_cg_id")]; group != nil {
		entities = append(entities, group)
	}
	for _, entity := range entities {
		if err := ch.rq.mayChange(entity); err != nil {
			return err
		}
		if err := notInReplica(entity); err != nil {
			return err
		}
		if err := a.unlocked(entity); err != nil {
			return err
		}
	}
	kind := o.text("replication_type")
	for _, p := range pairs {
		if isFilesystem(p.entity) {
			if kind != asyncType {
				return conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Only block datasets can be %s replicated", kind)
			}
			if err := notSuspended(p.entity); err != nil {
				return err
			}
		}
		if kind == activeActiveType {
			if err := a.checkActiveActive(p.entity); err != nil {
				return err
			}
		}
	}
	if kind == activeActiveType && len(pairs) == 0 {
		return conflict("EMPTY_ACTIVE_ACTIVE_CG_REPLICA", "The creation of an empty active-active cg replica is not allowed")
	}
	if kind == activeActiveType && len(a.spacesOf(iscsiService)) > 0 {
		return conflict("SYSTEM_CANNOT_SUPPORT_ISCSI_AA", "Active-Active Replication and ISCSI network space cannot exist on same system. Please contact INFINIDAT support for further information")
	}
	if a.countReplicated()+len(pairs) > a.limits.ReplicatedDatasets {
		return conflict("REPLICATED_DATASETS_LIMIT", "The system has reached the maximum number of replicated datasets")
	}
	return nil
}

// countReplicated counts the datasets of all replicas.
func (a *Array) countReplicated() int {
	count := 0
	for _, o := range a.replicas.objects {
		count += len(o.list(".pairs"))
	}
	return count
}

// notInReplica refuses what is in a replica already.
func notInReplica(o Object) error {
	switch o.text(".role") {
	case sourceRole:
		return conflict("REPLICA_ENTITY_IS_SOURCE", "Entity '%s' is a replication source. Cannot use it as a member of another replication", o.name())
	case targetRole:
		return conflict("REPLICA_ENTITY_IS_TARGET", "Entity '%s' is a replication target. Cannot use it as a member of another replication", o.name())
	case activeActiveType:
		return conflict("REPLICA_ENTITY_IS_ACTIVE_ACTIVE_PEER", "Entity '%s' is a replication active active peer. Cannot use it as a member of another replication", o.name())
	}
	return nil
}

// checkActiveActive refuses a volume that clients could not write to on both sides.
func (a *Array) checkActiveActive(volume Object) error {
	if volume.bool("write_protected") {
		return errActiveActiveProtected(volume)
	}
	if a.reachedOverNVMe(volume) {
		return conflict("NVME_OF_VOLUME_CANNOT_USE_ACTIVE_ACTIVE", "Configuring active-active replication for volume '%s' failed because the volume is mapped to hosts or clusters that contain NVMe-oF ports", volume.name())
	}
	return nil
}

func errActiveActiveProtected(volume Object) error {
	return conflict("ACTIVE_ACTIVE_REPLICA_CANNOT_BE_WRITE_PROTECTED", "An active-active replicated entity '%s' cannot be write-protected", volume.name())
}

// reachedOverNVMe tells whether a volume is mapped to a host with a port for NVMe-oF, by itself or in a cluster.
func (a *Array) reachedOverNVMe(volume Object) bool {
	for _, m := range a.byVolume[volume.id()] {
		for _, host := range a.hosts.objects {
			if (host.id() == m.Host || m.Cluster != 0 && host.int("host_cluster_id") == m.Cluster) && usesNVMe(host) {
				return true
			}
		}
	}
	return false
}

// offerReplica lets the other array make its side, and takes over what it answers.
func (a *Array) offerReplica(ch *change, link Object, pairs []*pair) error {
	o := ch.after
	before := a.lastID
	o[".id"] = a.nextID()
	off := offer{
		ID: o.int(".id"), Link: link.int("remote_link_id"), Entity: o.text("entity_type"), Type: o.text("replication_type"),
		Pool: o.int("remote_pool_id"), Suffix: ch.rq.query.Get("remote_members_suffix"), Group: o.text("remote_cg_name"),
		GroupID: o.int("remote_cg_id"), SourceID: o.int("local_cg_id"), Settings: settingsOf(o),
	}
	var pool Object
	if group := a.groups.objects[off.SourceID]; group != nil {
		off.Source, pool = group.name(), a.poolOf(group)
		if off.Group == "" {
			off.Group = group.name()
		}
	} else {
		pool = a.poolOf(pairs[0].entity)
	}
	off.PoolID, off.PoolName = pool.id(), pool.name()
	if isActiveActive(o) {
		if o["is_preferred"] == nil {
			o["is_preferred"] = true
		}
		off.Preferred = !o.bool("is_preferred")
	}
	for _, p := range pairs {
		off.Pairs = append(off.Pairs, p.offer(a))
	}
	var made acceptance
	if err := a.ask(ch.rq.remoteLogin(), "replica/create", off, &made); err != nil {
		a.giveBack(err, before, o.int(".id")+len(pairs))
		return linked(link, unclear(err, "creation"))
	}
	a.concludeReplica(o, pairs, made)
	return nil
}

// concludeReplica notes what the other array has made.
func (a *Array) concludeReplica(o Object, pairs []*pair, made acceptance) {
	o["remote_replica_id"], o["remote_pool_id"], o["remote_pool_name"] = made.ID, made.Pool, made.PoolName
	if made.Group != 0 {
		o["remote_cg_id"], o["remote_cg_name"] = made.Group, made.Name
	}
	items := []any{}
	for i, p := range pairs {
		items = append(items, p.item(o, made.Pairs[i]))
	}
	o[".pairs"] = items
	o["role"] = any(sourceRole)
	if isActiveActive(o) {
		o["role"] = nil
	}
	clearPairFields(o)
	o[".unready"] = true
	o["_replica_configuration_version"], o["_dataset_configuration_version"] = a.guid(), a.guid()
	o["_management_configuration_version"] = a.guid()
}

// replicaStored marks what is replicated, and begins with the first job.
func replicaStored(ch *change) {
	a, o := ch.a, ch.after
	if ch.isNew() {
		a.mark(o)
		a.beginJob(o, "INITIAL", o.int("created_at"))
		a.planSync(o, o.int("created_at"))
	} else if ch.sets("sync_interval") {
		a.planSync(o, a.clock())
	}
	a.touchReplicas()
}

// touchReplicas makes the array look at its replicas anew, and tell its partner of them.
func (a *Array) touchReplicas() {
	a.nextEvent = 0
	a.turns++
}

// guid is an identifier that no other object has, here or there.
func (a *Array) guid() string {
	a.lastGUID++
	return fmt.Sprintf("%08x-0000-4000-9000-%012x", a.serial, a.lastGUID)
}
