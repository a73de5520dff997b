package block

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// VolumeGroupSnapshot is a snapshot of each of several volumes, all taken at the
// same moment. The array takes them together and keeps no object for the whole:
// it is known by the ids of its snapshots.
var VolumeGroupSnapshot = entity.Kind{
	System: common.System,
	Name:   "volume_group_snapshot",
	Path:   "volumes/group_snapshot",
	Doc: "Snapshots of several volumes of one pool, all taken at the same moment, without a consistency group. The array takes them together and then keeps each by itself; " +
		"where one of them is deleted or promoted, the plan says so and keeps the others.",
	Rules:    oneAffix(snapNames),
	Identity: entity.Identity{Key: []string{"id"}, Import: entity.Import{Forms: "the ids of the snapshots (1004,1005,1006)", Key: importGroupSnapshot}},
	Reading: entity.Reading{
		Find: findGroupSnapshot,
		Deduce: func(ctx context.Context, s *entity.Session, v entity.Values) error {
			ids, err := split(v.Text("id"))
			if err != nil {
				return err
			}
			return deduceAffixes(ctx, s, v, ids)
		},
		Noticed: snapshotsGone,
	},
	Planning: entity.Planning{Check: checkGroupSnapshot},
	Creation: entity.Creation{Body: encodeGroupSnapshot, Answer: decodeGroupSnapshot},
	Deletion: entity.Deletion{Danger: "The data of the snapshots and of all snapshots taken of them is lost.", Each: deleteEach},
	Explain:  explainGroupSnapshot,
	Facts: entity.Facts{
		entity.Text("id").Lasting().Doc("The ids of the snapshots, in order: `1004,1005,1006`."),
		entity.Integers("volume_ids").Required().To("volume", "volume_snapshot").NotEmpty().OncePer(prefixName, suffixName, snapNames).Doc("The ids of the volumes."),
		snapPrefix(),
		snapSuffix(),
		entity.Records(snapNames, entity.Facts{
			entity.Ref("volume_id").Required().Doc("The id of the volume, which is one of `volume_ids`."),
			common.Named(entity.Text("snap_name").Required().LongestOf(65)).Doc("The name of its snapshot."),
		}).Optional().Unread().NotEmpty().
			Doc("Names of snapshots that are not made of the volumes' by `snap_prefix` and `snap_suffix`; where all are named, neither of these is needed. The array keeps no word on how a name was chosen: after an import the next apply takes them from the configuration."),
		entity.Moment("lock_expires_at").Optional().AfterCreation().ChangedByEach(lockEach).
			Doc("Until when the snapshots are locked; at most 365 days ahead. **Nobody can delete or unlock them before**, and the time can only be put off."),
		entity.Integers("snapshot_ids").Lasting().Doc("The ids of the snapshots."),
		entity.Moment("created_at").Lasting().Doc("When the snapshots were taken."),
	},
}

// snapNames are the names of snapshots that are told one by one.
const snapNames = "snap_names"

// named are the names of snapshots that are told one by one, by the volume.
func named(v entity.Values) map[int64]string {
	names := map[int64]string{}
	told, _ := v.Records(snapNames)
	for _, each := range told {
		if each.Known("volume_id") {
			names[each.Int("volume_id")] = each.Text("snap_name")
		}
	}
	return names
}

// checkGroupSnapshot refuses names that are of no snapshot, and snapshots without a name
// of their own.
func checkGroupSnapshot(ctx context.Context, p *entity.Plan) {
	common.CheckSnapshot(ctx, p)
	if p.After == nil || p.Before != nil && !p.Replaced && !p.Changes(snapNames) || p.After.Unknown("volume_ids") {
		return
	}
	volumes, told := p.After.Ints("volume_ids"), map[int64]bool{}
	open := len(volumes) < p.After.Count("volume_ids") // some are not known yet
	all, _ := p.After.Records(snapNames)
	for _, each := range all {
		id := each.Int("volume_id")
		switch {
		case !each.Known("volume_id"):
			open = true
		case told[id]:
			p.Refuse(snapNames, "Two names for one snapshot", fmt.Sprintf("The snapshot of volume %d is named twice.", id))
		case !open && !slices.Contains(volumes, id):
			p.Refuse(snapNames, "A name for no snapshot", fmt.Sprintf("Volume %d is not one of volume_ids, so no snapshot of it is taken.", id))
		}
		told[id] = true
	}
	if p.Config.Null(prefixName) && p.Config.Null(suffixName) && !open && len(told) < len(volumes) {
		p.Refuse(snapNames, "Snapshots without names",
			"A snapshot that snap_names does not name would be called what its volume is called. Name all of them, or set snap_prefix, snap_suffix or both.")
	}
}

func encodeGroupSnapshot(after entity.Values, body api.Object) any {
	volumes, names := []any{}, named(after)
	for _, id := range after.Ints("volume_ids") {
		volume := api.Object{"id": id}
		if name, told := names[id]; told {
			volume["snap_name"] = name
		}
		volumes = append(volumes, volume)
	}
	delete(body, "volume_ids")
	delete(body, snapNames)
	body["entities"] = volumes
	return body
}

// decodeGroupSnapshot makes one object of the answer to a creation, which is the
// snapshots; what Find found, after an answer was lost, is one already.
func decodeGroupSnapshot(_ entity.Values, answer any) (api.Object, error) {
	if found, ok := answer.(api.Object); ok {
		return found, nil
	}
	all, ok := answer.([]any)
	snapshots := make([]api.Object, len(all))
	for i, one := range all {
		snapshots[i], _ = one.(api.Object)
	}
	if !ok || len(snapshots) == 0 {
		return nil, fmt.Errorf("the array answered a group snapshot without snapshots: %v", answer)
	}
	return together(snapshots)
}

// together makes one object of snapshots: taken when the first of them was, locked
// until the first lock ends.
func together(snapshots []api.Object) (api.Object, error) {
	var ids []int64
	volumes, members := []any{}, []any{}
	var locked, taken any
	for i, snapshot := range snapshots {
		id, err := common.Number(snapshot["id"])
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		members, volumes = append(members, snapshot["id"]), append(volumes, snapshot["parent_id"])
		if lock := snapshot["lock_expires_at"]; i == 0 || earlier(lock, locked) {
			locked = lock
		}
		if at := snapshot["created_at"]; i == 0 || earlier(at, taken) {
			taken = at
		}
	}
	return api.Object{
		"id": joined(ids), "volume_ids": volumes, "snapshot_ids": members, "created_at": taken, "lock_expires_at": locked,
	}, nil
}

// earlier reports whether a moment is before another; none is before all.
func earlier(moment, than any) bool {
	if moment == nil || than == nil {
		return moment == nil
	}
	a, err1 := common.Number(moment)
	b, err2 := common.Number(than)
	return err1 == nil && err2 == nil && a < b
}

// lockEach locks one snapshot after the other.
func lockEach(id string, after entity.Values) []api.Request {
	ids, err := split(id)
	if err != nil {
		return nil
	}
	var until any // none, once a lock is over
	if t, locks := common.LockOf(after); locks {
		until = t.UnixMilli()
	}
	var requests []api.Request
	for _, id := range ids {
		requests = append(requests, api.Request{
			Method: http.MethodPut, Path: api.Path("volumes", id), Body: api.Object{"lock_expires_at": until},
		})
	}
	return requests
}

// joined is the id of a group snapshot.
func joined(ids []int64) string {
	slices.Sort(ids)
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(parts, ",")
}

func split(id string) ([]int64, error) {
	var ids []int64
	for part := range strings.SplitSeq(id, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not an id", part)
		}
		ids = append(ids, n)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// groupSnapshotFields are read of each snapshot.
var groupSnapshotFields = []string{"id", "name", "type", "parent_id", "created_at", "lock_expires_at"}

// findGroupSnapshot reads what is left of the snapshots. That one of them is gone is
// told, and is no reason to lose the others: what they are of stays.
func findGroupSnapshot(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	var left []api.Object
	var err error
	if v.Known("id") {
		left, err = snapshotsLeft(ctx, s, v)
	} else {
		left, err = snapshotsNamed(ctx, s, v)
	}
	if err != nil {
		return nil, err
	}
	if len(left) == 0 {
		return nil, &api.Error{
			Reason: api.NotFound, Operation: "GET volumes", Status: http.StatusNotFound,
			Message: "None of the snapshots is there",
		}
	}
	o, err := together(left)
	if err == nil && v.Known("id") {
		o["id"] = v.Text("id") // an object keeps its id
		if v.Known("volume_ids") {
			delete(o, "volume_ids")
		}
	}
	return o, err
}

// snapshotsLeft are those of the snapshots that are there and still snapshots: one
// that was promoted has become a volume, with a life of its own.
func snapshotsLeft(ctx context.Context, s *entity.Session, v entity.Values) ([]api.Object, error) {
	ids, err := split(v.Text("id"))
	if err != nil {
		return nil, err
	}
	var left []api.Object
	for _, id := range ids {
		snapshot, err := s.Client.Read(ctx, "volumes", strconv.FormatInt(id, 10), groupSnapshotFields)
		switch {
		case api.ReasonOf(err) == api.NotFound:
		case err != nil:
			return nil, err
		case snapshot["type"] == "SNAPSHOT":
			left = append(left, snapshot)
		}
	}
	return left, nil
}

// nameToTake is the name that the snapshot of a volume gets.
func nameToTake(ctx context.Context, s *entity.Session, v entity.Values, volume int64) (string, error) {
	if name, told := named(v)[volume]; told {
		return name, nil
	}
	o, err := s.Client.Read(ctx, "volumes", strconv.FormatInt(volume, 10), groupSnapshotFields)
	return v.Text(prefixName) + common.NameOf(o) + v.Text(suffixName), err
}

// snapshotsGone tells of snapshots that are no longer there.
func snapshotsGone(prior, found entity.Values) (summary, detail string) {
	was, left := prior.Count("snapshot_ids"), found.Count("snapshot_ids")
	if left >= was {
		return "", ""
	}
	return "Snapshots of a group are gone",
		fmt.Sprintf("Of %d snapshots that were taken together, %d are there: the others were deleted or promoted outside of Terraform. "+
			"The ones that are left are kept. To take all of them anew, replace the resource (terraform apply -replace, or replace_triggered_by).", was, left)
}

// snapshotsNamed looks for what a creation has made whose answer was lost: for
// every volume a snapshot of it by the name that it would have. It is all or
// nothing, as the creation is.
func snapshotsNamed(ctx context.Context, s *entity.Session, v entity.Values) ([]api.Object, error) {
	var found []api.Object
	for _, id := range v.Ints("volume_ids") {
		name, err := nameToTake(ctx, s, v, id)
		if err != nil {
			return nil, err
		}
		q := api.Query{
			Filters: append(api.Where("name", name), api.Where("parent_id", strconv.FormatInt(id, 10))...),
			Fields:  groupSnapshotFields,
		}
		before := len(found)
		for snapshot, err := range s.Client.List(ctx, "volumes", q) {
			if err != nil {
				return nil, err
			}
			if common.NameOf(snapshot) == name { // the array compares without case
				found = append(found, snapshot)
			}
		}
		if len(found) == before {
			return nil, nil
		}
	}
	return found, nil
}

// explainGroupSnapshot says what is in the way of a creation, where it is no other
// group snapshot.
func explainGroupSnapshot(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if api.ReasonOf(err) != api.NameTaken {
		return ""
	}
	if found, err := snapshotsNamed(ctx, s, v); err != nil || len(found) > 0 {
		return ""
	}
	var names []string
	for _, id := range v.Ints("volume_ids") {
		if name, err := nameToTake(ctx, s, v, id); err == nil {
			names = append(names, name)
		}
	}
	return takenBy(ctx, s, names)
}

// deleteEach deletes what is left of the snapshots, one after the other:
// all, or none where one is locked.
func deleteEach(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	left, err := snapshotsLeft(ctx, s, before)
	if err != nil {
		return nil, err
	}
	for _, one := range left {
		until, err := common.Number(one["lock_expires_at"])
		now, known := s.Client.ServerTime()
		if err == nil && known && time.UnixMilli(until).After(now) {
			return nil, &api.Error{
				Code: common.LockedCode, Operation: "DELETE " + api.Path("volumes", one["id"]), Status: http.StatusConflict,
				Message: fmt.Sprintf("Snapshot '%s' is locked until %s", common.NameOf(one), time.UnixMilli(until).UTC().Format(time.RFC3339)),
			}
		}
	}
	requests := make([]api.Request, len(left))
	for i, one := range left {
		requests[i] = api.Request{Method: http.MethodDelete, Path: api.Path("volumes", one["id"])}
	}
	return requests, nil
}

// importGroupSnapshot takes the ids of the snapshots, which must be there.
func importGroupSnapshot(ctx context.Context, s *entity.Session, id string) (entity.Values, error) {
	ids, err := split(strings.TrimPrefix(id, "id="))
	if err != nil {
		return nil, err
	}
	key := entity.Values{}
	key.Set("id", joined(ids))
	left, err := snapshotsLeft(ctx, s, key)
	if err == nil && len(left) < len(ids) {
		err = fmt.Errorf("%d of the %d ids are snapshots on the array", len(left), len(ids))
	}
	return key, err
}
