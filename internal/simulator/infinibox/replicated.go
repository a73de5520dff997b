package infinibox

import "fmt"

// Replicas are not simulated. A seed may say that a volume or group is replicated all the same, so that what the
// array then refuses can be tried.

// SeedReplica marks a volume or a consistency group, with its members, as one side of an asynchronous replica.
type SeedReplica struct {
	ID   int    `json:"id"`
	Role string `json:"role"` // SOURCE or TARGET
}

func isReplicated(o Object) bool { return o.text(".role") != "" }

func isTarget(o Object) bool { return o.text(".role") == "TARGET" }

func (a *Array) plantReplica(s SeedReplica) error {
	if s.Role != "SOURCE" && s.Role != "TARGET" {
		return fmt.Errorf("replica of %d: role %q is neither SOURCE nor TARGET", s.ID, s.Role)
	}
	var marked []Object
	if o := a.volumes.objects[s.ID]; o != nil {
		marked = []Object{o}
	} else if o := a.groups.objects[s.ID]; o != nil {
		marked = append(a.inside(o), o)
	} else {
		return fmt.Errorf("replica of %d: there is no such volume or group", s.ID)
	}
	replica := a.nextID()
	for _, o := range marked {
		o[".role"] = s.Role
		o["replication_types"], o["replica_ids"] = []any{"ASYNC_" + s.Role}, []any{replica}
		if _, ok := o["rmr_source"]; ok {
			o["rmr_source"], o["rmr_target"] = s.Role == "SOURCE", s.Role == "TARGET"
		}
	}
	return nil
}

// replicatedMember refuses a replicated volume to a group that is not.
func replicatedMember(volume Object) error {
	if isTarget(volume) {
		return conflict("TARGET_DATASET_IS_REPLICATED", "Replicated target datasets cannot be added to a consistency group: %s", volume.name())
	}
	return conflict("SOURCE_DATASET_IS_REPLICATED", "Replicated source datasets cannot be added to a non-replicated consistency group: %s", volume.name())
}

// replicationPairs lists the pairs that a volume is in: what the reference's example shows of one.
func (a *Array) replicationPairs(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	pairs := []any{}
	if isReplicated(volume) {
		pairs = append(pairs, map[string]any{"local_base_action": "NO_BASE_DATA", "local_entity": a.render(a.volumes, volume, nil)})
	}
	return plain(rq, "GetReplicationPairs", pairs)
}
