package block

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// VolumeGroupSnapshot is a snapshot of each of several volumes, all taken at the
// same moment. The array takes them together and keeps no object for the whole:
// it is known by the ids of its snapshots.
var VolumeGroupSnapshot = entity.Kind{
	System: system,
	Name:   "volume_group_snapshot",
	Path:   "volumes/group_snapshot",
	Doc: "Snapshots of several volumes of one pool, all taken at the same moment, without a consistency group. The array takes them together and then keeps each by itself; " +
		"where one of them is deleted or promoted, the next plan takes all of them anew.",
	Key:       []string{"id"},
	Momentary: true,
	Delete:    entity.Dangerous("The data of the snapshots and of all snapshots taken of them is lost."),
	Rules: []resource.ConfigValidator{
		resourcevalidator.AtLeastOneOf(path.MatchRoot("snap_prefix"), path.MatchRoot("snap_suffix")),
	},
	Check:   checkSnapshot,
	Explain: explainGroupSnapshot,
	Encode:  encodeGroupSnapshot,
	Decode: func(_ entity.Values, answer any) (entity.Object, error) {
		if found, ok := answer.(entity.Object); ok { // by Find, after an answer was lost
			return found, nil
		}
		return decodeGroupSnapshot(answer)
	},
	Find:        findGroupSnapshot,
	Destroy:     destroyGroupSnapshot,
	Import:      importGroupSnapshot,
	ImportForms: "the ids of the snapshots (1004,1005,1006)",
	Facts: entity.Facts{
		entity.Text("id").Lasting().Doc("The ids of the snapshots, in order: `1004,1005,1006`."),
		entity.Integers("volume_ids").Required().Doc("The ids of the volumes."),
		entity.Text("snap_prefix").Given().Local().Doc("What the names of the snapshots begin with, before the volume's. This, `snap_suffix` or both must be set."),
		entity.Text("snap_suffix").Given().Local().Doc("What the names of the snapshots end with, after the volume's."),
		entity.Moment("lock_expires_at").Given().Late().ChangedByEach(lockEach).
			Doc("Until when the snapshots are locked; at most 365 days ahead. **Nobody can delete or unlock them before**, and the time can only be put off."),
		entity.Integers("snapshot_ids").Lasting().Doc("The ids of the snapshots."),
		entity.Moment("created_at").Lasting().Doc("When the snapshots were taken."),
	},
}

func encodeGroupSnapshot(after entity.Values, body entity.Object) any {
	volumes := []any{}
	for _, id := range after.Ints("volume_ids") {
		volumes = append(volumes, entity.Object{"id": id})
	}
	delete(body, "volume_ids")
	body["entities"] = volumes
	return body
}

// decodeGroupSnapshot makes one object of the snapshots.
func decodeGroupSnapshot(answer any) (entity.Object, error) {
	snapshots, ok := answer.([]any)
	if !ok || len(snapshots) == 0 {
		return nil, fmt.Errorf("the array answered a group snapshot without snapshots: %v", answer)
	}
	var ids []int64
	volumes, members := []any{}, []any{}
	var taken, locked any
	for _, one := range snapshots {
		snapshot, _ := one.(entity.Object)
		id, err := number(snapshot["id"])
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		members, volumes = append(members, snapshot["id"]), append(volumes, snapshot["parent_id"])
		taken = snapshot["created_at"]
		if lock := snapshot["lock_expires_at"]; len(members) == 1 || earlier(lock, locked) {
			locked = lock
		}
	}
	return entity.Object{
		"id": joined(ids), "volume_ids": volumes, "snapshot_ids": members, "created_at": taken, "lock_expires_at": locked,
	}, nil
}

// earlier reports whether a lock ends before another; none ends before all.
func earlier(lock, than any) bool {
	if lock == nil || than == nil {
		return lock == nil
	}
	a, err1 := number(lock)
	b, err2 := number(than)
	return err1 == nil && err2 == nil && a < b
}

// lockEach locks one snapshot after the other.
func lockEach(id string, after entity.Values) []entity.Request {
	ids, err := split(id)
	if err != nil {
		return nil
	}
	var until any // none, once a lock is over
	if t, locks := lockOf(after); locks {
		until = t.UnixMilli()
	}
	var requests []entity.Request
	for _, id := range ids {
		requests = append(requests, entity.Request{
			Method: http.MethodPut, Path: entity.Path("volumes", id), Body: entity.Object{"lock_expires_at": until},
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

// findGroupSnapshot reads what is left of the snapshots. The volumes of those that
// are gone are missing in the object, which shows as a change of volume_ids.
func findGroupSnapshot(ctx context.Context, s *entity.Session, v entity.Values) (entity.Object, error) {
	var left []any
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
		return nil, &entity.Error{
			Reason: entity.NotFound, Operation: "GET volumes", Status: http.StatusNotFound,
			Message: "None of the snapshots is there",
		}
	}
	o, err := decodeGroupSnapshot(left)
	if err == nil && v.Known("id") {
		o["id"] = v.Text("id") // an object keeps its id
	}
	return o, err
}

// snapshotsLeft are those of the snapshots that are there and still snapshots: one
// that was promoted has become a volume, with a life of its own.
func snapshotsLeft(ctx context.Context, s *entity.Session, v entity.Values) ([]any, error) {
	ids, err := split(v.Text("id"))
	if err != nil {
		return nil, err
	}
	var left []any
	for _, id := range ids {
		snapshot, err := s.Client.Read(ctx, "volumes", strconv.FormatInt(id, 10), groupSnapshotFields)
		switch {
		case entity.ReasonOf(err) == entity.NotFound:
		case err != nil:
			return nil, err
		case snapshot["type"] == "SNAPSHOT":
			left = append(left, snapshot)
		}
	}
	return left, nil
}

// snapshotsNamed looks for what a creation has made whose answer was lost: for
// every volume a snapshot of it by the name that it would have. It is all or
// nothing, as the creation is.
func snapshotsNamed(ctx context.Context, s *entity.Session, v entity.Values) ([]any, error) {
	var found []any
	for _, id := range v.Ints("volume_ids") {
		volume, err := s.Client.Read(ctx, "volumes", strconv.FormatInt(id, 10), groupSnapshotFields)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(v.Text("snap_prefix"), volume["name"], v.Text("snap_suffix"))
		q := entity.Query{
			Filters: append(entity.Where("name", name), entity.Where("parent_id", strconv.FormatInt(id, 10))...),
			Fields:  groupSnapshotFields,
		}
		before := len(found)
		for snapshot, err := range s.Client.List(ctx, "volumes", q) {
			if err != nil {
				return nil, err
			}
			found = append(found, snapshot)
		}
		if len(found) == before {
			return nil, nil
		}
	}
	return found, nil
}

// explainGroupSnapshot says how to manage what is in the way of a creation.
func explainGroupSnapshot(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if entity.ReasonOf(err) != entity.NameTaken {
		return ""
	}
	found, err := snapshotsNamed(ctx, s, v)
	if err != nil || len(found) == 0 {
		return ""
	}
	o, err := decodeGroupSnapshot(found)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("Each of the volumes has a snapshot of such a name. If an interrupted run took them, import them: "+
		"terraform import storage_infinibox_volume_group_snapshot.NAME %s. Otherwise choose another prefix or suffix.", o["id"])
}

// destroyGroupSnapshot deletes what is left of the snapshots, one after the other.
func destroyGroupSnapshot(ctx context.Context, s *entity.Session, before entity.Values, approved bool) error {
	left, err := snapshotsLeft(ctx, s, before)
	if err != nil {
		return err
	}
	var refusals []error
	for _, one := range left {
		_, err := s.Client.Do(ctx, entity.Request{
			Method: http.MethodDelete, Path: entity.Path("volumes", one.(entity.Object)["id"]), Approved: approved,
		})
		if err != nil && entity.ReasonOf(err) != entity.NotFound {
			refusals = append(refusals, err)
		}
	}
	return errors.Join(refusals...)
}

// importGroupSnapshot takes the ids of the snapshots, which must be there.
func importGroupSnapshot(ctx context.Context, s *entity.Session, id string) (entity.Values, error) {
	ids, err := split(strings.TrimPrefix(id, "id="))
	if err != nil {
		return nil, err
	}
	key := entity.Values{"id": types.StringValue(joined(ids))}
	left, err := snapshotsLeft(ctx, s, key)
	if err == nil && len(left) < len(ids) {
		err = fmt.Errorf("%d of the %d ids are snapshots on the array", len(left), len(ids))
	}
	return key, err
}
