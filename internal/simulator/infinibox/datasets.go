package infinibox

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// Datasets are volumes and filesystems, and the snapshots of both. What both kinds have and can do is here and in the
// other files named after what is done to them; what only one of them has is in volumes.go and filesystems.go.

const minimumDataset = 1000000000

const datasetFields = `
	id                                       integer  filter sort
	name                                     text     filter sort required update
	pool_id                                  integer  filter sort required
	pool_name                                text     filter sort
	parent_id                                integer  filter create  =0
	family_id                                integer  filter sort
	depth                                    integer  filter sort  =0
	type                                     text(MASTER|SNAPSHOT)  filter sort  ="MASTER"
	size                                     integer  filter sort required update
	num_blocks                               integer
	provtype                                 text(THIN|THICK)  filter sort create update  ="THIN"
	write_protected                          boolean  filter sort create update  =false
	ssd_enabled                              boolean  filter sort create update  =true
	compression_enabled                      boolean  filter sort create update  =true
	compression_suppressed                   boolean
	ssa_express_enabled                      boolean  filter sort create update admin  =false
	ssa_express_status                       text
	serial                                   text     filter sort
	nguid                                    text
	mapped                                   boolean  filter sort
	has_children                             boolean
	has_internal_children                    boolean
	is_internal                              boolean  =false
	tenant_id                                integer  filter sort
	created_at                               integer  filter sort
	updated_at                               integer  filter sort
	lock_expires_at                          integer  filter sort create update null
	lock_state                               text
	used                                     integer  =0
	allocated                                integer  filter sort
	tree_allocated                           integer  =0
	capacity_savings                         integer
	capacity_savings_per_entity              integer
	data_reduction_ratio                     decimal  =1.0
	disk_usage                               integer
	host_written_data                        integer
	zeros_capacity                           integer
	reducible_data_percents                  decimal  filter
	reducible_data_reduction_ratio           decimal  filter
	reducible_data_disk_usage_capacity       integer
	reducible_host_written_data              integer
	non_reducible_data_percents              decimal
	non_reducible_data_reduction_ratio       decimal
	non_reducible_data_disk_usage_capacity   integer
	non_reducible_host_written_data          integer
	cg_id                                    integer  filter sort
	cg_name                                  text
	_cg_guid                                 text     filter sort
	_cg_snapshot_guid                        text     filter sort
	qos_policy_id                            integer  filter sort
	qos_policy_name                          text
	qos_shared_policy_id                     integer  filter sort
	qos_shared_policy_name                   text
	snapshot_policy_id                       integer  filter sort create update null
	snapshot_policy_name                     text     filter sort
	created_by_snapshot_policy_id            integer  filter sort
	created_by_snapshot_policy_name          text     filter sort
	created_by_schedule_id                   integer  filter sort
	created_by_schedule_name                 text     filter sort
	snapshot_retention                       integer  filter sort create update null
	snapshot_expires_at                      integer
	remote_snapshot_retention                integer  filter sort create null
	remote_snapshot_retention_lock           integer  filter sort create null
	promote_source_id                        integer
	mobility_source                          text     filter sort
	replica_ids                              list     =[]
	replication_types                        list     filter  =["NONE"]
	rmr_source                               boolean  filter sort  =false
	rmr_target                               boolean  filter sort  =false
	rmr_active_active_peer                   boolean  filter sort  =false
	rmr_snapshot_guid                        text     filter sort
	mgmt_snapshot_guid                       text     filter sort
	data_snapshot_guid                       text     filter sort
	_reclaimed_snapshot_remote_system_serial integer  filter sort
`

// newDatasets is a collection of datasets: what both kinds have alike, added to what one of them has.
func newDatasets(c collection, table string) *collection {
	c.in, c.lockable = "pool_id", true
	c.creation = by(poolAdmins, "replicate_to_async_target")
	c.updating = by(poolAdmins, "force_resize")
	c.deletion = by(poolAdmins, "force_if_snapshot_locked")
	c.snapshot = func(rq *request, body map[string]any) (any, error) {
		return rq.a.createSnapshot(rq, rq.a.datasetsOf(c.policies), body)
	}
	own, ownFill := c.check, c.fill
	c.fill = func(ch *change) {
		fillDataset(ch)
		if ownFill != nil {
			ownFill(ch)
		}
	}
	c.stored = datasetStored
	c.checks = with(datasetChecks, c.checks)
	c.check = func(ch *change) error {
		if err := checkDataset(ch); err != nil || own == nil {
			return err
		}
		return own(ch)
	}
	c.keeps = func(rq *request, o Object) error { return rq.a.keepsDataset(o) }
	c.delete = func(rq *request, o Object) { rq.a.dropFamily(o) }
	c.computed = with(map[string]func(a *Array, o Object) any{
		"pool_name":              func(a *Array, o Object) any { return a.poolOf(o).name() },
		"num_blocks":             numBlocks,
		"has_children":           func(a *Array, o Object) any { return a.children[o.id()] > 0 },
		"allocated":              func(_ *Array, o Object) any { return physicalSize(o) },
		"lock_state":             lockState,
		"cg_name":                func(a *Array, o Object) any { return nameOf(a.groupOf(o)) },
		"snapshot_policy_name":   policyName,
		"qos_policy_id":          func(a *Array, o Object) any { return idOf(a.directQoS(o)) },
		"qos_policy_name":        func(a *Array, o Object) any { return nameOf(a.directQoS(o)) },
		"qos_shared_policy_id":   func(a *Array, o Object) any { return idOf(a.sharedQoS(o)) },
		"qos_shared_policy_name": func(a *Array, o Object) any { return nameOf(a.sharedQoS(o)) },
	}, c.computed)
	return newCollection(c, datasetFields+table)
}

// with is a map with the entries of another one added.
func with[V any](m, more map[string]V) map[string]V {
	sum := maps.Clone(m)
	maps.Copy(sum, more)
	return sum
}

// datasetRoutes serve what both kinds of dataset can do.
func (a *Array) datasetRoutes(r router, c *collection) {
	r.serve(a, c)
	base := "/" + c.path
	post := func(path string, parameters []string, h func(rq *request, c *collection) (any, error)) {
		r.writeWith(http.MethodPost, base+path, by(poolAdmins, parameters...), func(rq *request) (any, error) { return h(rq, c) })
	}
	r.list(base+"/{id}/replication_pairs", func(rq *request) (any, error) { return a.replicationPairs(rq, c) })
	post("/{id}/move", nil, a.moveDataset)
	post("/{id}/restore", nil, a.restoreDataset)
	post("/{id}/refresh", []string{"force_if_replicated_on_target"}, a.refreshSnapshot)
	post("/delete_simulation", nil, a.simulateDeletion)
}

// datasetKinds are the collections of datasets.
func (a *Array) datasetKinds() []*collection { return []*collection{a.volumes, a.filesystems} }

// datasetsOf is the collection of a type of dataset.
func (a *Array) datasetsOf(kind string) *collection {
	for _, c := range a.datasetKinds() {
		if c.policies == kind {
			return c
		}
	}
	return nil
}

// dataset is the dataset of an id, or nil.
func (a *Array) dataset(id int) Object {
	for _, c := range a.datasetKinds() {
		if o := c.objects[id]; o != nil {
			return o
		}
	}
	return nil
}

func (a *Array) countDatasets() int {
	count := 0
	for _, c := range a.datasetKinds() {
		count += len(c.objects)
	}
	return count
}

func isSnapshot(o Object) bool   { return o.text("type") == "SNAPSHOT" }
func isFilesystem(o Object) bool { return o.text("dataset_type") == "FILESYSTEM" }

// noun is how messages call an object within a sentence: volume.
func noun(o Object) string { return strings.ToLower(o.of().noun) }

// kindOf is how messages call a dataset, a snapshot as such: snapshot.
func kindOf(o Object) string {
	if isSnapshot(o) {
		return "snapshot"
	}
	return noun(o)
}

// capital writes a word as a sentence begins.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// numBlocks is unknown where the size is.
func numBlocks(_ *Array, o Object) any {
	if o["size"] == nil {
		return nil
	}
	return o.int("size") / blockSize
}

// fillDataset assigns a new dataset to the default policy when nothing is said.
func fillDataset(ch *change) {
	if ch.isNew() && !ch.sets("snapshot_policy_id") {
		ch.after["snapshot_policy_id"] = idOf(ch.a.defaultPolicy())
	}
}

// checkDataset checks a dataset as it is going to be, and that its pool has room for it.
func checkDataset(ch *change) error {
	if ch.isNew() {
		if err := checkNewDataset(ch); err != nil {
			return err
		}
	}
	virtual, physical := virtualSize(ch.after), physicalSize(ch.after)
	if !ch.isNew() {
		virtual, physical = virtual-virtualSize(ch.before), physical-physicalSize(ch.before)
	}
	if err := ch.a.room(ch.a.poolOf(ch.after), virtual, physical); err != nil {
		return err
	}
	if ch.isNew() && ch.after.bool("ssa_express_enabled") {
		return enterSSAExpress(ch, "Dataset '%s' will be added to SSA Express cache")
	}
	return nil
}

func checkNewDataset(ch *change) error {
	o, pool := ch.after, ch.a.poolOf(ch.after)
	switch {
	case pool.text("type") == "VVOL":
		return conflict("ILLEGAL_POOL_TYPE", "Cannot create a %s '%s' in vVol pool '%s' because it is dedicated for VMware vVols", o.text("dataset_type"), o.name(), pool.name())
	case isS3(pool):
		return errS3Pool(o.text("dataset_type"), o, pool)
	}
	if ch.values["size"].(int) < minimumDataset {
		return conflict("DATASET_MIN_CAPACITY", "The requested %s size is less than the minimum %s size: %s", noun(o), noun(o), inUnits(minimumDataset))
	}
	if o["lock_expires_at"] != nil {
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking %s is not allowed", noun(o))
	}
	if err := ch.a.checkKept(o, nil); err != nil {
		return err
	}
	return ch.a.checkDatasetCount(1)
}

// errS3Pool keeps what is not a bucket out of a pool for S3 buckets.
func errS3Pool(kind string, o, pool Object) error {
	return conflict("ILLEGAL_POOL_TYPE", "Cannot create a %s '%s' in S3 pool '%s' because it is dedicated for S3 buckets", kind, o.name(), pool.name())
}

func (a *Array) checkDatasetCount(more int) error {
	if a.countDatasets()+more > a.limits.Datasets {
		return conflict("DATASET_COUNT_LIMIT", "The request exceeds the dataset count limit")
	}
	return nil
}

// datasetStored does what follows when a dataset is created or changed.
func datasetStored(ch *change) {
	if ch.isNew() {
		ch.a.joinFamily(ch.after)
		return
	}
	ch.a.account(ch.before, -1)
	ch.a.account(ch.after, 1)
	if ch.sets("snapshot_retention") {
		ch.a.retain(ch.after, ch.after["snapshot_retention"])
	}
}

// joinFamily gives a dataset what follows from its id, and puts it into its pool and family.
func (a *Array) joinFamily(o Object) {
	id := o.id()
	if parent := o.int("parent_id"); parent != 0 {
		a.children[parent]++
		a.families[o.int("family_id")]++
	} else {
		o["family_id"], o[".line"] = id, id
	}
	if isFilesystem(o) {
		o["nfs_filesystem_id"] = a.nextNFSID()
	}
	a.setSerial(o, id)
	a.account(o, 1)
}

// setSerial makes the SCSI serial, 31 hexadecimal digits: vendor, system, and a number of the dataset's own.
func (a *Array) setSerial(o Object, number int) {
	serial := fmt.Sprintf("742b0f00000%04x%016x", a.serial&0xffff, number)
	o["serial"] = serial
	o["nguid"] = nguid(serial)
}

// nguid arranges the digits of a serial as NVMe wants them: the number, the vendor, a zero and the system.
func nguid(serial string) string {
	n := serial[15:] + serial[:6] + "0" + serial[6:15]
	return strings.Join([]string{n[:8], n[8:12], n[12:16], n[16:20], n[20:]}, "-")
}
