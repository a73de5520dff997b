package block

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// longestLock is how far ahead the array lets a snapshot be locked.
const longestLock = 365 * 24 * time.Hour

// VolumeSnapshot is the content of a volume, or of another snapshot, at a point
// in time.
var VolumeSnapshot = entity.Kind{
	System:            system,
	Name:              "volume_snapshot",
	Plural:            "volume_snapshots",
	Path:              "volumes",
	Doc:               "A snapshot of a volume: its content at the moment of creation, which takes space only as the two grow apart. It can be mapped to hosts like a volume, and locked against deletion.",
	Within:            entity.Where("type", "SNAPSHOT"),
	Metadata:          true,
	OneFieldPerUpdate: true,
	Delete:            entity.Dangerous("The data of the snapshot and of all snapshots taken of it is lost."),
	InUse:             entity.InUse{Fields: usedFields},
	Loses:             losesOfVolume,
	Check:             checkSnapshot,
	Explain:           explainVolume,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		name(),
		entity.Ref("parent_id").Required().Filterable().
			Doc("The id of the volume or snapshot whose content is kept."),
		entity.Bool("write_protected").Optional().Mutable().Queryable().
			DangerousWhen(types.BoolValue(true), "Hosts can no longer write to the snapshot, and applications on it may fail.").
			Doc("Whether hosts can only read; so it is where nothing else is said. A writable snapshot cannot be locked."),
		entity.Moment("lock_expires_at").Given().Mutable().Queryable().
			Doc("Until when the snapshot is locked, such as `\"2027-01-31T00:00:00Z\"`; at most 365 days ahead. **Nobody can delete, change or unlock it before**, and the time can only be put off."),
		entity.Integer("snapshot_retention").Given().Mutable().Queryable().Danger(keepForEver).
			Doc("How long a replicated snapshot is kept, in seconds. It can only be raised."),
		entity.Bool("ssd_enabled").Optional().Mutable().Queryable().
			Doc("Whether the SSD cache serves the snapshot."),
		udid().Late(),
		serial(),
		nguid().Lasting(),
		createdAt(),

		entity.Ref("pool_id").Filterable().Doc("The id of the pool, which is the volume's."),
		entity.Capacity("size").Queryable().Doc("The size, which is the parent's at the moment of creation."),
		entity.Enum("provtype", "THIN", "THICK").Queryable().Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Bool("compression_enabled").Queryable().Doc("Whether data is compressed."),
		entity.Bool("ssa_express_enabled").Queryable().Doc("Whether it is kept in the SSA Express cache as a whole."),
		entity.Ref("snapshot_policy_id").Doc("The id of the policy that takes and keeps snapshots of it."),
	}, measures),
}

// checkSnapshot refuses what the array will refuse of locks, and says aloud that
// a lock cannot be taken back.
func checkSnapshot(ctx context.Context, p *entity.Planning) {
	now := clock(ctx, p)
	was, locked := lockOf(p.Before)
	locked = locked && was.After(now)

	if p.After == nil || p.Replaced {
		if locked {
			p.Refuse("", "The snapshot is locked",
				fmt.Sprintf("%s is locked until %s and cannot be deleted before. Remove it from Terraform's care with a removed block, or wait.",
					lockedThing(p.Before), was.Format(time.RFC3339)))
		}
		return
	}
	will, locks := lockOf(p.After)
	switch {
	case !p.Changes("lock_expires_at"):
	case locked && !p.After["lock_expires_at"].IsUnknown() && (!locks || will.Before(was)):
		p.Refuse("lock_expires_at", "A lock can only be put off",
			fmt.Sprintf("%s is locked until %s. The lock cannot be lifted or end earlier.", lockedThing(p.Before), was.Format(time.RFC3339)))
	case locks && !will.After(now):
		p.Refuse("lock_expires_at", "The lock would be over already",
			fmt.Sprintf("%s is in the past. Name a time in the future.", will.Format(time.RFC3339)))
	case locks && will.Sub(now) > longestLock:
		p.Refuse("lock_expires_at", "The lock is too long",
			fmt.Sprintf("%s is more than 365 days ahead, which is the longest that the array locks a snapshot.", will.Format(time.RFC3339)))
	case locks:
		p.Warn("A lock cannot be taken back",
			fmt.Sprintf("%s will be locked until %s. Until then nobody can delete it, make it writable or shorten the lock.", lockedThing(p.After), will.Format(time.RFC3339)))
	}
	if locks && p.After.Known("write_protected") && !p.After.Bool("write_protected") {
		p.Refuse("write_protected", "A locked snapshot cannot be writable",
			"lock_expires_at is set, so write_protected must be true.")
	}
}

// clock is the array's, which decides when a lock is over, else this machine's.
// Terraform may plan a deletion before it has read anything.
func clock(ctx context.Context, p *entity.Planning) time.Time {
	now, known := p.Session.Client.ServerTime()
	if !known && p.Before.Known("lock_expires_at") {
		// Any answer tells the time, also that there is no volume of a group's id.
		_, _ = p.Session.Client.Read(ctx, "volumes", p.Before["id"].String(), []string{"id"})
		now, known = p.Session.Client.ServerTime()
	}
	if !known {
		return time.Now()
	}
	return now
}

// keepForEver is the danger of a snapshot that is no longer deleted in its time.
func keepForEver(before, after entity.Values) string {
	if before == nil || before.Null("snapshot_retention") || !after.Null("snapshot_retention") {
		return ""
	}
	return "It is kept for ever from then on, and its data takes space until somebody deletes it."
}

// lockedCode is the array's refusal to delete a snapshot, or a snapshot group.
const lockedCode = "DELETE_LOCKED_SNAPSHOT"

func lockOf(v entity.Values) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, v.Text("lock_expires_at"))
	return t, err == nil
}

// lockedThing is what a lock is on, at the beginning of a sentence.
func lockedThing(v entity.Values) string {
	if v.Known("name") {
		return fmt.Sprintf("Snapshot %q", v.Text("name"))
	}
	return "Each of the snapshots"
}
