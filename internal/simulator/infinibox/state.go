package infinibox

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// State is a whole array. What can be worked out of its objects, such as what is left of a pool, is not in it; nor are
// sessions. Of passwords and CHAP secrets it has digests and marks alone.
type State struct {
	SystemName      string `json:"system_name"`
	Serial          int    `json:"serial"`
	VirtualCapacity int    `json:"virtual_capacity"`
	ProtocolMix     bool   `json:"allow_protocol_mix,omitempty"`

	Access   accessState   `json:"access"`
	Power    power         `json:"power,omitzero"` // whether it is active, and protected
	Ahead    time.Duration `json:"clock_ahead"`    // of real time, in nanoseconds
	Counters Counters      `json:"counters"`

	// Objects are all objects by the path of their collection: each with its stored fields, and with what the
	// simulator keeps beside them under names that begin with a dot. Metadata is there as "metadata", internal volumes as
	// "internal".
	Objects    map[string][]map[string]any    `json:"objects"`
	Mappings   []*mapping                     `json:"mappings"`
	Promotions map[int]int                    `json:"promotions,omitempty"` // as in Array
	Replicated map[int][]*replicationSnapshot `json:"replication_snapshots,omitempty"`
}

// Counters are the last numbers that the array has given.
type Counters struct {
	ID       int `json:"id"`
	Minor    int `json:"minor_id"`
	NFS      int `json:"nfs_filesystem_id"`
	LUN      int `json:"lun_id"`
	Metadata int `json:"metadata_id"`
	Moment   int `json:"moment"`
	Event    int `json:"event_id"`

	RGReplica int `json:"rg_replica_id,omitempty"`
	SyncJob   int `json:"sync_job_id,omitempty"`
	GUID      int `json:"guid,omitempty"`
}

// Dump writes the array as a seed that makes it anew.
func (s *Simulator) Dump(w io.Writer) error {
	a := s.array
	a.mu.Lock()
	defer a.mu.Unlock()
	a.catchUp()
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "\t")
	return encoder.Encode(Seed{
		Limits: a.limits, S3: a.s3, QoSDisabled: !a.qosEnabled, State: a.state(),
		SeedFileServices: SeedFileServices{Directories: a.directories},
		SeedNetwork:      SeedNetwork{Neighbours: a.neighbours, Logins: a.logins},
	})
}

func (a *Array) state() *State {
	s := &State{
		SystemName: a.systemName, Serial: a.serial, VirtualCapacity: a.virtualCapacity, ProtocolMix: a.allowMix,
		Access: a.access, Power: a.power, Ahead: a.ahead, Promotions: a.promotions, Replicated: a.replicated,
		Counters: Counters{a.lastID, a.lastMinorID, a.lastNFSID, a.lastLUN, a.lastMetadata, a.lastMoment, a.lastEvent, a.lastRGReplica, a.lastJob, a.lastGUID},
		Objects:  map[string][]map[string]any{},
	}
	for _, c := range a.collections {
		s.keep(a.stateName(c), a.changed(c))
	}
	for _, id := range a.metadataOwners() {
		s.keep("metadata", a.items(id))
	}
	internals := make([]Object, 0, len(a.internals))
	for _, o := range a.internals {
		internals = append(internals, o)
	}
	byID(internals)
	s.keep("internal", internals)
	for id := range a.lastLUN + 1 {
		if m := a.mappings[id]; m != nil {
			s.Mappings = append(s.Mappings, m)
		}
	}
	return s
}

// stateName is the path that a state has a collection's objects by; where ids count anew, it tells within what.
func (a *Array) stateName(c *collection) string {
	if c.local {
		return a.holders[c.in].path + "/" + c.path
	}
	return c.path
}

// deliver puts into a collection what every array comes with.
func (a *Array) deliver(c *collection) {
	if c.delivered == nil {
		return
	}
	for _, o := range c.delivered() {
		c.keep(o)
	}
}

// changed are the objects of a collection that are not as every array has them.
func (a *Array) changed(c *collection) []Object {
	if c.delivered == nil {
		return c.all()
	}
	as := map[int]Object{}
	for _, o := range c.delivered() {
		as[o.slot()] = o
	}
	return slices.DeleteFunc(c.all(), func(o Object) bool { return reflect.DeepEqual(o, as[o.slot()]) })
}

// keep adds objects without the pointers to their collections.
func (s *State) keep(path string, objects []Object) {
	for _, o := range objects {
		plain := maps.Clone(map[string]any(o))
		delete(plain, home)
		for _, f := range o.of().fields {
			if f.secret {
				plain[f.name] = nil
			}
		}
		s.Objects[path] = append(s.Objects[path], plain)
	}
}

// load makes the array what a state says.
func (a *Array) load(s *State) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.systemName, a.serial, a.virtualCapacity, a.allowMix = s.SystemName, s.Serial, s.VirtualCapacity, s.ProtocolMix
	a.ahead, a.access = s.Ahead, s.Access
	a.access.Policy = a.access.Policy.withDefaults()
	if s.Power.State != "" {
		a.power = s.Power
	}
	n := s.Counters
	a.lastID, a.lastMinorID, a.lastNFSID, a.lastLUN, a.lastMetadata, a.lastMoment = n.ID, n.Minor, n.NFS, n.LUN, n.Metadata, n.Moment
	a.lastEvent = n.Event
	a.lastRGReplica, a.lastJob, a.lastGUID = n.RGReplica, n.SyncJob, n.GUID
	known := map[string]*collection{"metadata": a.metadataItems, "internal": a.volumes}
	for _, c := range a.collections {
		known[a.stateName(c)] = c
		a.clear(c)
		a.deliver(c)
	}
	for _, path := range sortedKeys(s.Objects) {
		c := known[path]
		if c == nil {
			return fmt.Errorf("state: there is no collection %q", path)
		}
		for _, values := range s.Objects[path] {
			a.put(path, c.restore(values))
		}
	}
	if s.Promotions != nil {
		a.promotions = s.Promotions
	}
	if s.Replicated != nil {
		a.replicated = s.Replicated
	}
	return a.connect(s.Mappings)
}

// clear empties a collection, but for what every array has: its users, and what there is one of.
func (a *Array) clear(c *collection) {
	for id, o := range c.objects {
		if !c.single && (c != a.users || id >= 0) {
			delete(c.objects, id)
			c.forget(o.name())
		}
	}
}

// restore makes an object of what a state has of it.
func (c *collection) restore(values map[string]any) Object {
	o := Object{home: c}
	for name, value := range values {
		number, ok := value.(json.Number)
		if f := c.byName[name]; ok && f != nil && f.kind == decimal && strings.HasSuffix(number.String(), ".0") {
			o[name] = number // as a table's initial values are
			continue
		}
		o[name] = plainValue(value)
	}
	return o
}

// put puts an object of a state where it belongs, and notes what follows from it.
func (a *Array) put(path string, o Object) {
	switch path {
	case "internal":
		a.internals[o.id()] = o
		return
	case "metadata":
		a.attach(o)
		return
	case "users":
		if known := a.users.objects[o.id()]; known != nil {
			o["password"], o[".passwords"] = known["password"], known[".passwords"] // that of the command line
			a.users.forget(known.name())
		}
	}
	c := o.of()
	c.keep(o)
	if _, ok := o[".then"]; ok {
		a.rack.underway = append(a.rack.underway, o)
	}
	if until, ok := o["snapshot_expires_at"].(int); ok {
		a.expiring[o.id()] = until * second
	}
	if parent := o.int("parent_id"); parent != 0 {
		a.children[parent]++
		a.families[o.int("family_id")]++
	}
	if group := o.int("cg_id"); group != 0 {
		a.enter(group, o)
	}
	if c == a.s3Buckets {
		a.accountBucket(o, 1)
	}
	if c == a.volumes || c == a.filesystems {
		a.account(o, 1)
	}
}

// connect notes the mappings of a state and what its assignments say, once all objects are there.
func (a *Array) connect(mappings []*mapping) error {
	for _, o := range a.qosEntities.objects {
		a.qosBy[qosKey{o.int("entity_id"), a.qosPolicies.objects[o.int("qos_policy_id")].text("type")}] = o
	}
	for _, m := range mappings {
		if a.volumes.objects[m.Volume] == nil {
			return fmt.Errorf("state: a mapping of volume %d, which is not there", m.Volume)
		}
		a.connectMapping(m)
	}
	a.nextEvent = 0
	return nil
}
