package infinibox

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync"
	"time"
)

const (
	firstID       = 1000
	defaultTenant = 1
	systemID      = -4 // object_id of the system's own metadata
)

// Array is the state of one InfiniBox. All requests are carried out one at a time, under its lock.
type Array struct {
	mu     sync.Mutex
	limits Limits
	routes *node
	login  string // the administrator that Simulator.Do acts as

	systemName      string
	serial          int
	virtualCapacity int
	allowMix        bool // volumes may be reached over SCSI and NVMe-oF, with approval
	s3              bool // pools may be for S3 buckets

	pools, volumes, hosts, clusters, users, metadataItems *collection
	groups, policies, schedules, qosPolicies, qosEntities *collection
	ldapGroups, ssoGroups, repositories, idps, accounts   *collection
	vvols, vms, datasets, filesystems, exports, treeqs    *collection

	collections []*collection          // all that have objects of their own
	holders     map[string]*collection // of what holds others, by the field with its id

	lastID, lastMinorID   int
	lastNFSID             int
	lastLUN, lastMetadata int
	lastMoment            int
	metadataBytes         int
	ahead                 time.Duration // how far the array's clock is ahead, see Simulator.Advance

	usage    map[int]*usage            // by pool id
	children map[int]int               // number of snapshots by id of their parent
	families map[int]int               // number of snapshots by family id
	mappings map[int]*mapping          // by the mapping's id
	byVolume map[int][]*mapping        // by volume id
	byClient map[int][]*mapping        // by the id of the host or cluster
	metadata map[int]map[string]Object // by object id and key
	sessions map[string]*session       // by cookie
	deferred map[string]*deferral

	access          accessState
	ldapDirectories []LDAPDirectory  // that the array can reach
	resets          map[string]reset // by token
	mails           []Mail
	certificate     *tls.Certificate  // nil: it is still to be made
	served          *x509.Certificate // the one that was made for the server; nil: there is none
	requestKey      *rsa.PrivateKey   // of the last request for a certificate

	inGroup    map[int]map[int]bool           // ids of the members, by group id
	expiring   map[int]int                    // when the retention of a snapshot or snapshot group ends, by its id
	nextEvent  int                            // when something is due by itself, see catchUp; 0: unknown
	promotions map[int]int                    // by the id of the volume that they began with
	internals  map[int]Object                 // internal volumes by id
	replicated map[int][]*replicationSnapshot // by volume id
	qosEnabled bool
	qosBy      map[qosKey]Object // assignments

	fileServices
	network
	objectStorage
	monitoring
	power power
	replication
}

func newArray(o Options) *Array {
	a := &Array{
		limits: o.Limits.withDefaults(), login: o.Username,
		systemName: o.SystemName, serial: o.Serial, virtualCapacity: defaultVirtualCapacity, allowMix: o.AllowProtocolMix, s3: o.S3,
		lastID: firstID - 1, usage: map[int]*usage{}, children: map[int]int{}, families: map[int]int{},
		mappings: map[int]*mapping{}, byVolume: map[int][]*mapping{},
		byClient: map[int][]*mapping{}, metadata: map[int]map[string]Object{},
		power: power{State: stateActive}, sessions: map[string]*session{}, resets: map[string]reset{}, access: accessState{Policy: freshPolicy}, ldapDirectories: o.LDAPDirectories, deferred: map[string]*deferral{},
		inGroup: map[int]map[int]bool{}, expiring: map[int]int{},
		promotions: map[int]int{}, internals: map[int]Object{}, replicated: map[int][]*replicationSnapshot{}, qosEnabled: true, qosBy: map[qosKey]Object{},
	}
	a.pools, a.volumes = newPools(), newVolumes()
	a.hosts, a.clusters = newHosts(), newClusters()
	a.users, a.metadataItems = newUsers(), newMetadata()
	a.groups, a.policies, a.schedules = newGroups(), newPolicies(), newSchedules()
	a.qosPolicies, a.qosEntities = newQoSPolicies(), newQoSEntities()
	a.ldapGroups, a.ssoGroups, a.accounts = newLDAPGroups(), newSSOGroups(), newAccounts()
	a.repositories, a.idps = newRepositories(), newIdentityProviders()
	a.vvols, a.vms, a.datasets = newVVols(), newVMs(), newAllDatasets()
	a.filesystems, a.exports, a.treeqs = newFilesystems(), newExports(), newTreeQs()
	a.collections = []*collection{
		a.pools, a.volumes, a.filesystems, a.treeqs, a.exports, a.groups, a.hosts, a.clusters, a.users, a.policies, a.schedules,
		a.qosPolicies, a.qosEntities, a.vvols, a.vms, a.repositories, a.idps, a.ldapGroups, a.ssoGroups,
	}
	a.holders = map[string]*collection{
		"pool_id": a.pools, "filesystem_id": a.filesystems, "snapshot_policy_id": a.policies,
	}
	a.addFileServices()
	a.addNetwork()
	a.addObjectStorage()
	a.addMonitoring()
	a.addReplication(o)
	a.addDefaultPolicy()
	a.addBuiltInUsers(o.Username, o.Password)
	a.routes = a.newRoutes()
	a.eventTypes = a.newEventTypes()
	return a
}

// newRoutes registers what the array serves.
func (a *Array) newRoutes() *node {
	r := router{root: &node{}}
	a.systemRoutes(r)
	a.accessRoutes(r)
	a.poolRoutes(r)
	a.volumeRoutes(r)
	a.filesystemRoutes(r)
	a.fileServiceRoutes(r)
	a.allDatasetRoutes(r)
	a.hostRoutes(r)
	a.clusterRoutes(r)
	a.lunRoutes(r)
	a.metadataRoutes(r)
	a.groupRoutes(r)
	a.policyRoutes(r)
	a.qosRoutes(r)
	a.vvolRoutes(r)
	a.searchRoutes(r)
	a.networkRoutes(r)
	a.s3Routes(r)
	a.monitoringRoutes(r)
	a.replicationRoutes(r)
	return r.root
}

// now is the array's clock in milliseconds since 1970. No two calls return the same moment.
func (a *Array) now() int {
	a.lastMoment = max(int(time.Now().Add(a.ahead).UnixMilli()), a.lastMoment+1)
	return a.lastMoment
}

// clock is the array's present, without counting as a moment of its own.
func (a *Array) clock() int {
	return max(int(time.Now().Add(a.ahead).UnixMilli()), a.lastMoment)
}

func (a *Array) nextID() int {
	a.lastID++
	return a.lastID
}

// nextMinorID numbers what the array numbers apart: snapshot policies, their schedules, and QoS assignments.
func (a *Array) nextMinorID() int {
	a.lastMinorID++
	return a.lastMinorID
}

// utc writes a moment as the array's messages do.
func utc(milliseconds int) string {
	return time.UnixMilli(int64(milliseconds)).UTC().Format("2006-01-02 15:04:05")
}

// roundUp rounds a number of bytes up to a whole number of units.
func roundUp(bytes, unit int) int { return (bytes + unit - 1) / unit * unit }

// inUnits writes a capacity as the array's messages do: 1TB, 327.68KB.
func inUnits(bytes int) string {
	for _, unit := range []struct {
		size int
		name string
	}{{1e15, "PB"}, {1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "KB"}} {
		if bytes >= unit.size {
			return trimZeros(float64(bytes)/float64(unit.size)) + unit.name
		}
	}
	return fmt.Sprint(bytes) + "B"
}

func trimZeros(x float64) string {
	s := fmt.Sprintf("%.2f", x)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
