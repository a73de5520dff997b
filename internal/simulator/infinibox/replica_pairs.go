package infinibox

// What a new replica pairs: datasets here with datasets there, each with what the first synchronization can build on.

// Base actions: what the first synchronization of a pair begins with.
const (
	createBase   = "CREATE" // a new dataset on the other side
	noBase       = "NO_BASE_DATA"
	snapshotBase = "BASE" // a snapshot that both sides have
	takeSnapshot = "TAKE_SNAP"
)

// pair is one pair of a new replica.
type pair struct {
	entity, base         Object
	action, remoteAction string
	remoteEntity         int
	remoteBase           int
	remoteName           string
	id                   int
}

// pairFields are the fields of a pair that a request may have.
var pairFields = []string{
	"local_entity_id", "remote_entity_id", "remote_entity_name", "local_base_action", "remote_base_action", "local_base_entity_id",
	"remote_base_entity_id",
}

// prepareReplica reads what the table of fields cannot say.
func prepareReplica(rq *request, body map[string]any) error {
	for _, name := range sortedKeys(body) {
		text, isText := body[name].(string)
		switch {
		case name == "description" && body[name] == nil:
			return badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('description')")
		case name == "description" && isText && len(text) > 255:
			return errWrong(name, text, "size must be between 0 and 255")
		case name == "remote_snapshot_suffix" && isText && (text == "" || len(text) > 255):
			if rq.creates() {
				return errWrong(name, text, "size must be between 1 and 255")
			}
			return badRequest("INVALID_PARAMETER_LENGTH", "Parameter ('%s') length must be between 1 and 255 characters. Actual: %d", name, len(text))
		case name == "entity_pairs" && rq.creates():
			if _, err := readPairList(body[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// readPairList reads the pairs of a body as objects.
func readPairList(value any) ([]map[string]any, error) {
	items, ok := value.([]any)
	if !ok {
		return nil, errMalformed
	}
	var pairs []map[string]any
	for _, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, errMalformed
		}
		if err := only(fields, pairFields...); err != nil {
			return nil, err
		}
		pairs = append(pairs, fields)
	}
	return pairs, nil
}

// readPairs reads and checks the pairs of a new replica. A request may name the entity of a single pair in the replica itself.
func (a *Array) readPairs(ch *change) ([]*pair, error) {
	o := ch.after
	given, _ := ch.values["entity_pairs"].([]any)
	listed, err := readPairList(given)
	if given == nil {
		listed, err = a.impliedPairs(o)
	}
	if err != nil {
		return nil, err
	}
	group, err := a.replicatedGroup(o)
	if err != nil {
		return nil, err
	}
	var pairs []*pair
	for _, fields := range listed {
		p, err := a.readPair(o, fields)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, a.checkPairs(o, group, pairs)
}

// impliedPairs are the pairs of a request that lists none.
func (a *Array) impliedPairs(o Object) ([]map[string]any, error) {
	if o["entity_type"] != groupEntity {
		if o["local_entity_id"] == nil {
			return nil, errMissing("entity_pairs")
		}
		fields := map[string]any{"local_entity_id": o["local_entity_id"]}
		if o["remote_entity_id"] != nil {
			fields["remote_entity_id"] = o["remote_entity_id"]
		}
		if o["remote_entity_name"] != nil {
			fields["remote_entity_name"] = o["remote_entity_name"]
		}
		if action := o.text("base_action"); action != "" {
			fields["remote_base_action"] = action
		}
		return []map[string]any{fields}, nil
	}
	var pairs []map[string]any
	if group := a.groups.objects[o.int("local_cg_id")]; group != nil {
		for _, m := range a.inside(group) {
			pairs = append(pairs, map[string]any{"local_entity_id": m.id()})
		}
	}
	return pairs, nil
}

// replicatedGroup is the consistency group that a new replica is of, or nil.
func (a *Array) replicatedGroup(o Object) (Object, error) {
	if o["entity_type"] != groupEntity {
		return nil, nil
	}
	if o["local_cg_id"] == nil {
		return nil, errMissing("local_cg_id")
	}
	group, err := a.groups.find(o.int("local_cg_id"))
	if err == nil && isSnapshot(group) {
		err = conflict("CANNOT_REPLICATE_CG_SNAPSHOT", "A replicated consistency group cannot be created from a snapshot")
	}
	return group, err
}

// action takes a base action in the words of either way to give it.
func action(fields map[string]any, name, otherwise string) (string, error) {
	switch value, _ := fields[name].(string); value {
	case "":
		return otherwise, nil
	case "NEW", createBase:
		return createBase, nil
	case "EXISTING", noBase:
		return noBase, nil
	case snapshotBase, takeSnapshot:
		return value, nil
	}
	return "", errField(name)
}

func (a *Array) readPair(o Object, fields map[string]any) (*pair, error) {
	id, err := requiredInteger(fields, "local_entity_id")
	if err != nil {
		return nil, err
	}
	p := &pair{}
	numbers := map[string]int{}
	for _, name := range []string{"remote_entity_id", "local_base_entity_id", "remote_base_entity_id"} {
		if fields[name] == nil {
			continue
		}
		if numbers[name], _, err = integerField(fields, name); err != nil {
			return nil, err
		}
	}
	p.remoteEntity, p.remoteBase = numbers["remote_entity_id"], numbers["remote_base_entity_id"]
	p.remoteName, _ = fields["remote_entity_name"].(string)
	usual := createBase
	if p.remoteEntity != 0 {
		usual = noBase
	}
	if p.remoteAction, err = action(fields, "remote_base_action", usual); err != nil {
		return nil, err
	}
	usual = p.remoteAction
	if usual == createBase {
		usual = noBase
	}
	if p.action, err = action(fields, "local_base_action", usual); err != nil {
		return nil, err
	}
	if p.entity, err = a.entityFor(o, id); err != nil {
		return nil, err
	}
	if base := numbers["local_base_entity_id"]; base != 0 {
		if p.base = a.dataset(base); p.base == nil {
			return nil, errNoDataset
		}
	}
	return p, a.checkPair(o, p)
}

// entityFor is the dataset of an id, if it is of the kind that a replica is for.
func (a *Array) entityFor(replica Object, id int) (Object, error) {
	entity := a.dataset(id)
	files := replica["entity_type"] == "FILESYSTEM"
	switch {
	case entity == nil && files:
		return nil, notFound("FILESYSTEM_NOT_FOUND", "Filesystem not found")
	case entity == nil:
		return nil, errNoDataset
	case isFilesystem(entity) != files:
		return nil, conflict("REPLICA_INCONSISTENT_ENTITY_TYPE", "The type of entity (%s) is not compatible with replica type (%s)", entity.text("dataset_type"), replica.text("entity_type"))
	case isSnapshot(entity):
		return nil, conflict("REPLICA_NOT_ALLOWED_ON_SNAPSHOT", "Replica source cannot be a snapshot")
	}
	return entity, nil
}

// checkPair refuses a pair whose parts do not go together.
func (a *Array) checkPair(o Object, p *pair) error {
	local, remote := p.action, p.remoteAction
	switch {
	case isFilesystem(p.entity) && (local == takeSnapshot || remote == takeSnapshot):
		return conflict("REPLICA_BASE_ACTION_NOT_ALLOWED_FOR_FILESYSTEM", "The base action TAKE_SNAP is not allowed for filesystems")
	case isWORM(p.entity) && local == snapshotBase:
		return conflict("REPLICA_BASE_ACTION_NOT_ALLOWED_FOR_WORM_FILESYSTEM", "WORM filesystems cannot be replicated using existing snapshots as a base")
	case remote == createBase && p.remoteEntity != 0:
		return conflict("REPLICA_CREATE_NEW_INCONSISTENT_PARAM", "A replica created with a new remote entity cannot contain a remote entity ID")
	case remote == createBase && o["remote_pool_id"] == nil && o["remote_cg_id"] == nil:
		return conflict("REPLICA_MISSING_PAIR_POOL", "If CREATE is specified or implied in replica creation, a target pool ID must also be specified")
	case remote != createBase && p.remoteName != "":
		return conflict("REPLICA_CREATE_EXISTING_INCONSISTENT_PARAM", "A replica created from existing remote entity cannot contain a remote entity name")
	case (local == noBase) != (remote == noBase || remote == createBase):
		return conflict("REPLICA_INCONSISTENT_PAIR_BASE_ACTION", "A replication pair with base action NO_BASE_DATA (or CREATE) for one system must specify NO_BASE_DATA (or CREATE on target) for the other")
	case remote == snapshotBase && (p.base == nil || p.remoteEntity == 0 || p.remoteBase == 0):
		return conflict("REPLICA_INCONSISTENT_PAIR_BASE", "A replication pair with action BASE must contain both an entity ID and a base entity ID")
	case remote == noBase && (p.remoteEntity == 0 || p.remoteBase != 0 || p.base != nil), remote == takeSnapshot && (p.remoteEntity == 0 || p.remoteBase != 0):
		return conflict("REPLICA_INCONSISTENT_PAIR_NO_BASE", "A replication pair with action NO_BASE_DATA or TAKE_SNAP must contain an entity ID and must not contain a base entity ID")
	case p.base != nil && !a.descends(p.base, p.entity):
		return conflict("REPLICA_INCONSISTENT_PAIR_SAME_BASE", "A BASE entity for replication must be a snapshot of the main entity")
	case p.base != nil && p.base.int("size") > p.entity.int("size"):
		return conflict("REPLICA_INCONSISTENT_BASE_SIZE", "The BASE entity %s has bigger size than the main entity %s", p.base.name(), p.entity.name())
	}
	return nil
}

// checkPairs checks the pairs of a replica against each other, and against its group.
func (a *Array) checkPairs(o, group Object, pairs []*pair) error {
	for _, p := range pairs {
		if p.entity["pool_id"] != pairs[0].entity["pool_id"] {
			return conflict("REPLICA_INCONSISTENT_POOL", "All entities in the replica on one system, must be in the same pool")
		}
		if group == nil && p.entity["cg_id"] != nil {
			return conflict("CANNOT_REPLICATE_CG_DATASET", "A dataset that is a member of a consistency group cannot be replicated on its own")
		}
	}
	if group == nil {
		if len(pairs) != 1 {
			return errMalformed
		}
		return nil
	}
	for _, p := range pairs {
		switch {
		case !a.inGroup[group.id()][p.entity.id()]:
			return conflict("REPLICA_OPERATION_NOT_MEMBER_OF_CG", "Dataset id %d is not a member of the CG to be replicated", p.entity.id())
		case p.remoteAction != pairs[0].remoteAction:
			return conflict("REPLICA_INCONSISTENT_BASE_ACTION", "All consistency group members must have the same base action")
		case isActiveActive(o) && p.remoteAction == noBase:
			return conflict("REPLICA_BASE_ACTION_NOT_ALLOWED_FOR_ACTIVE_ACTIVE_CG", "The base action NO_BASE_DATA is not allowed for an active-active cg replica")
		case p.base != nil && p.base["cg_id"] != pairs[0].base["cg_id"], p.base != nil && p.base["cg_id"] == nil:
			return conflict("CG_BASE_SNAPSHOT_NOT_FOUND", "Can't find base snapshots for all cg members of consistency group %s", group.name())
		}
	}
	if len(pairs) != len(a.inGroup[group.id()]) {
		return conflict("REPLICA_INCONSISTENT_PAIR_CG_COUNT", "The number of entities in the consistency group didn't match the number of entity pairs in the replica")
	}
	return nil
}

// offer describes a pair to the other array.
func (p *pair) offer(a *Array) pairOffer {
	p.id = a.nextID()
	o := p.entity
	return pairOffer{
		ID: p.id, Entity: o.id(), Name: o.name(), Existing: p.remoteEntity, Base: p.remoteBase, NewName: p.remoteName,
		Size: o.int("size"), Serial: o.text("serial"), NGUID: o.text("nguid"), WORM: o.text("worm_level"),
	}
}

// item is a pair as a replica keeps it.
func (p *pair) item(replica Object, made pairAnswer) map[string]any {
	item := map[string]any{
		"id": p.id, "replica_id": replica.int(".id"), "local_entity_id": p.entity.id(), "local_base_action": p.action,
		"remote_base_action": p.remoteAction, "remote_entity_id": made.Entity, "remote_entity_name": made.Name, "remote_pair_id": made.ID,
		"local_base_entity_id": idOf(p.base), "remote_base_entity_id": nil,
	}
	if p.remoteBase != 0 {
		item["remote_base_entity_id"] = p.remoteBase
	}
	return item
}

// blankPair has the fields of a pair that stay as they are.
func blankPair() map[string]any {
	blank := map[string]any{}
	for _, name := range []string{
		"local_base_action", "local_base_entity_id", "_local_base_diffable_id", "duration", "remote_entity_name", "_local_pair_guid",
		"replica_id", "_report_system_serial_number", "_remote_base_diffable_id", "_report_entity_id", "id",
		"_remote_reclaimed_snapshot_id", "progress", "_reclaimed_snapshot_time", "is_initial", "_cg_guid", "_local_reclaimed_snapshot_id",
		"_sync_job_committed", "_active_active_port_bit", "last_synchronized", "_consistent_guid", "remote_pair_id",
		"_cg_consistent_guid", "remote_base_action", "_next_consistent_guid", "local_entity_name", "remote_entity_id",
		"_reclaimed_snapshot_guid", "local_entity_id", "restore_point", "remote_base_entity_id",
	} {
		blank[name] = nil
	}
	blank["_session_snapshots_id"], blank["_target_old_ro_state"] = 0, false
	return blank
}

// renderPairs are the pairs of a replica as clients see them.
func (a *Array) renderPairs(replica Object) []any {
	shown := []any{}
	for _, p := range pairsOf(replica) {
		item := with(blankPair(), p)
		item["local_entity_name"] = nameOf(a.dataset(p.int("local_entity_id")))
		item["is_initial"], item["progress"] = replica.bool(".unready"), jobProgress(a, replica)
		item["last_synchronized"], item["restore_point"] = replica["last_synchronized"], replica["restore_point"]
		item["_consistent_guid"] = replica["_consistent_guid"]
		item["_target_old_ro_state"] = p.bool("_target_old_ro_state")
		for name := range item {
			if name[0] == '.' {
				delete(item, name)
			}
		}
		shown = append(shown, item)
	}
	return shown
}

// replicationPairs lists the pairs that a dataset is in.
func (a *Array) replicationPairs(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	pairs := []any{}
	for _, replica := range a.replicasOf(o) {
		for _, item := range a.renderPairs(replica) {
			if shown := asObject(item); shown["local_entity_id"] == o.id() {
				shown["local_entity"] = a.render(o, nil)
				pairs = append(pairs, shown)
			}
		}
	}
	if len(pairs) == 0 && isReplicated(o) { // by a seed, without a replica
		item := with(blankPair(), map[string]any{"local_base_action": noBase, "local_entity_id": o.id(), "local_entity_name": o.name()})
		item["local_entity"] = a.render(o, nil)
		pairs = append(pairs, item)
	}
	return plain(rq, "GetReplicationPairs", pairs)
}

// reverseEntityPairs turns pairs around, as the other side of a replica sees them.
func (a *Array) reverseEntityPairs(rq *request) (any, error) {
	body, err := rq.onlyFields("entity_pairs")
	if err != nil {
		return nil, err
	}
	given, ok := body["entity_pairs"].([]any)
	if !ok {
		return nil, errMissing("entity_pairs")
	}
	reversed := []any{}
	for _, value := range given {
		fields, ok := value.(map[string]any)
		if !ok {
			return nil, errMalformed
		}
		item := blankPair()
		for one, other := range map[string]string{
			"local_entity_id": "remote_entity_id", "remote_entity_id": "local_entity_id",
			"_local_reclaimed_snapshot_id": "_remote_reclaimed_snapshot_id", "_remote_reclaimed_snapshot_id": "_local_reclaimed_snapshot_id",
		} {
			if fields[one] == nil {
				continue
			}
			if item[other], _, err = integerField(fields, one); err != nil {
				return nil, err
			}
		}
		item["local_entity"] = a.blankVolume(item["local_entity_id"])
		reversed = append(reversed, item)
	}
	return reversed, nil
}

// blankVolume is a volume of which nothing is known but its id, which may be on the other array.
func (a *Array) blankVolume(id any) map[string]any {
	blank := map[string]any{}
	for _, f := range a.volumes.fields {
		if !f.hidden {
			blank[f.name] = nil
		}
	}
	return with(blank, map[string]any{
		"id": id, "dataset_type": "VOLUME", "parent_id": 0, "depth": 0, "created_at": 0, "updated_at": 0, "tenant_id": defaultTenant,
		"lock_state": "UNLOCKED", "data_reduction_ratio": 1.0, "replication_types": []any{"NONE"}, "replica_ids": []any{},
		"rmr_source": false, "rmr_target": false, "rmr_active_active_peer": false, "mapped": false, "has_children": false,
		"has_internal_children": false, "is_internal": false, "ssa_express_enabled": false,
	})
}
