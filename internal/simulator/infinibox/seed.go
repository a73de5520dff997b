package infinibox

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Seed is a state to begin with: limits, what an array was like that another simulator has dumped, and requests that
// the administrator makes, approved, one after the other. As ids are given in order from 1000, later requests can name
// what earlier ones made. What no request of a client can make comes after them: virtual machines, vVols, replicas and
// the snapshots they leave, what is stored in S3 buckets, QoS that is still to be enabled, the array's security, LDAP
// directories that it can reach, and what clients have done to filesystems. Domains of Active Directory come before, so
// that requests can join them. All parts are optional.
//
//	{"limits": {"pools": 2}, "requests": [
//	  {"method": "POST", "path": "pools", "body": {"name": "db", "physical_capacity": 1000000000000}},
//	  {"method": "POST", "path": "volumes", "body": {"name": "v", "pool_id": 1000, "size": 1000000000}}]}
type Seed struct {
	Limits          Limits          `json:"limits,omitzero"`
	S3              bool            `json:"s3,omitempty"` // as Options.S3
	State           *State          `json:"state,omitempty"`
	Requests        []SeedRequest   `json:"requests,omitempty"`
	VMs             []SeedVM        `json:"vms,omitempty"`
	VVols           []SeedVVol      `json:"vvols,omitempty"`
	Replicas        []SeedReplica   `json:"replicas,omitempty"`
	S3Objects       []SeedObjects   `json:"s3_objects,omitempty"`
	QoSDisabled     bool            `json:"qos_disabled,omitempty"`
	LDAPDirectories []LDAPDirectory `json:"ldap_directories,omitempty"`
	Security        *SeedSecurity   `json:"security,omitempty"`
	// UnprotectedNodes are how many nodes have batteries that would not hold long enough.
	UnprotectedNodes int `json:"unprotected_nodes,omitempty"`
	// ReplicationSnapshots are ids of volumes, each for one replication snapshot of the volume.
	ReplicationSnapshots []int                  `json:"replication_snapshots,omitempty"`
	ReplicationGroups    []SeedReplicationGroup `json:"replication_groups,omitempty"`
	LinksCut             *bool                  `json:"links_cut,omitempty"` // whether the network that links go over is broken
	SeedFileServices
	SeedNetwork
}

// SeedRequest is a request of a seed; the path is as in Simulator.Do.
type SeedRequest struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   any    `json:"body"`
}

func readSeed(text []byte) (Seed, error) {
	var seed Seed
	if len(text) == 0 {
		return seed, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&seed); err != nil {
		return seed, fmt.Errorf("seed: %w", err)
	}
	return seed, nil
}

func (s *Simulator) plant(seed Seed) error {
	if seed.State != nil {
		if err := s.array.load(seed.State); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	if err := plantAll(seed.Directories, s.array.plantDirectory); err != nil { // before requests that join them
		return fmt.Errorf("seed: %w", err)
	}
	for i, r := range seed.Requests {
		if _, _, err := s.Do(r.Method, r.Path, r.Body); err != nil {
			return fmt.Errorf("seed: request %d, %s %s: %w", i+1, r.Method, r.Path, err)
		}
	}
	return s.array.plant(seed)
}

// plant makes what no request can make.
func (a *Array) plant(seed Seed) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.qosEnabled = !seed.QoSDisabled
	if n := seed.UnprotectedNodes; n > 0 {
		a.power.Unprotected = min(n, nodes)
	}
	if err := a.plantNetwork(seed.SeedNetwork); err != nil {
		return err
	}
	a.plantSecurity(seed.Security)
	if err := a.plantLDAPDirectories(seed.LDAPDirectories); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	for _, vm := range seed.VMs {
		a.plantVM(vm)
	}
	for _, vvol := range seed.VVols {
		if err := a.plantVVol(vvol); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, replica := range seed.Replicas {
		if err := a.plantReplica(replica); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, objects := range seed.S3Objects {
		if err := a.plantObjects(objects); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, volume := range seed.ReplicationSnapshots {
		if err := a.plantReplicationSnapshot(volume); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, group := range seed.ReplicationGroups {
		if err := a.plantReplicationGroup(group); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	if seed.LinksCut != nil {
		a.cut = *seed.LinksCut
	}
	if err := a.plantFileServices(seed.SeedFileServices); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return nil
}
