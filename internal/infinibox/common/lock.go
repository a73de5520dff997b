package common

import (
	"context"
	"fmt"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// longestLock is how far ahead the array lets a snapshot be locked.
const longestLock = 365 * 24 * time.Hour

// LockExpiresAt is until when a snapshot is locked.
func LockExpiresAt() entity.Fact {
	return entity.Moment("lock_expires_at").Optional().Mutable().Queryable().
		Doc("Until when the snapshot is locked, such as `\"2027-01-31T00:00:00Z\"`; at most 365 days ahead. **Nobody can delete, change or unlock it before**, and the time can only be put off.")
}

// SnapshotRetention is how long a snapshot, or several, are kept.
func SnapshotRetention(doc string) entity.Fact {
	return entity.Integer("snapshot_retention").Optional().Mutable().Positive().Queryable().
		Danger(keptForEver, entity.When("remove it", losesRetention)).
		Doc(doc + ", in seconds. It can only be raised.")
}

// CheckSnapshot refuses what the array will refuse of locks, and says aloud that
// a lock cannot be taken back.
func CheckSnapshot(ctx context.Context, p *entity.Plan) {
	checkRetention(ctx, p)
	if p.After != nil && !p.Applying() {
		checkReplicated(ctx, p)
	}
	now := clock(ctx, p)
	was, locked := LockOf(p.Before)
	locked = locked && was.After(now)

	if p.After == nil || p.Replaced {
		if locked {
			p.Refuse("", "The snapshot is locked",
				fmt.Sprintf("%s is locked until %s and cannot be deleted before. Remove it from Terraform's care with a removed block, or wait.",
					lockedThing(p.Before), was.Format(time.RFC3339)))
		}
		return
	}
	will, locks := LockOf(p.After)
	switch {
	case !p.Changes("lock_expires_at"):
	case locked && !p.After.Unknown("lock_expires_at") && (!locks || will.Before(was)):
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

// checkRetention refuses to keep a snapshot for less long than it is to be kept now, and
// for a time what the array keeps for ever: what no policy made and nobody replicates.
// Nothing here replicates yet: where something does, the latter is a warning.
func checkRetention(ctx context.Context, p *entity.Plan) {
	const name = "snapshot_retention"
	switch {
	case p.After == nil || p.Applying() || p.Before == nil || p.Replaced:
	case !p.After.Known(name) || !p.Changes(name):
	case p.Before.Null(name):
		if o := retained(ctx, p, p.Before.ID("id")); o != nil && !replicated(o) && api.IsNothing(o["created_by_snapshot_policy_id"]) {
			p.Refuse(name, "The snapshot cannot be kept for a time",
				fmt.Sprintf("%s is kept until it is deleted: only what a snapshot policy took, or what is replicated, can have a retention.", lockedThing(p.Before)))
		}
	case p.After.Int(name) < p.Before.Int(name):
		p.Refuse(name, "A retention can only be raised",
			fmt.Sprintf("%s is kept for %d seconds from its creation, and the configuration asks for %d. Ask for more, or leave it as it is.",
				lockedThing(p.Before), p.Before.Int(name), p.After.Int(name)))
	}
}

// ofReplicated are what a new snapshot has only where what it is taken of is replicated.
var ofReplicated = []struct{ name, summary, instead string }{
	{"snapshot_retention", "The snapshot cannot be kept for a time", ", or let a snapshot policy take snapshots and delete them in time"},
	{toTarget, "The snapshot cannot be replicated", ""},
	{"remote_snapshot_retention", "There is no copy that could be kept for a time", ""},
	{"remote_snapshot_retention_lock", "There is no copy that could be locked", ""},
}

// checkReplicated refuses what is for snapshots of what is replicated. The word on the copy
// is for the creation alone: given to a snapshot that is there, it would be in the way of the
// next one in its place.
func checkReplicated(ctx context.Context, p *entity.Plan) {
	for _, only := range ofReplicated {
		there := p.Before != nil && !p.Replaced
		if !p.After.Known(only.name) || only.name == toTarget && !p.After.Bool(toTarget) || there && (only.name != toTarget || !p.Changes(toTarget)) {
			continue
		}
		if o := retained(ctx, p, p.After.ID("parent_id")); o != nil && !replicated(o) {
			p.Refuse(only.name, only.summary,
				fmt.Sprintf("A new snapshot can have %s only where it is a snapshot of what is replicated, and what this one is taken of is not. Leave %s out%s.", only.name, only.name, only.instead))
		}
	}
}

// CheckDatasetSnapshot is CheckSnapshot for a snapshot that has a size.
func CheckDatasetSnapshot(ctx context.Context, p *entity.Plan) {
	CheckSnapshot(ctx, p)
	asked, ok := p.After.Bytes("size")
	if !ok || !p.Config.Known("size") || p.Applying() || p.Before != nil && !p.Replaced {
		return
	}
	writable := p.After.Known("write_protected") && !p.After.Bool("write_protected")
	if p.After.Known("parent_id") {
		o, err := p.Session.Client.Read(ctx, p.Collection(), p.After.ID("parent_id"), []string{"id", "size"})
		if size, sizeErr := Number(o["size"]); err == nil && sizeErr == nil {
			checkFirstSize(p, asked, size, writable)
		}
	}
}

// roundedAtMost is how much the array adds to the size of a dataset at most.
const roundedAtMost = 64 << 10

// checkFirstSize holds the size of a new snapshot against that of what it is taken of,
// which may grow before it is taken.
func checkFirstSize(p *entity.Plan, asked, parent int64, writable bool) {
	switch {
	case asked <= parent-roundedAtMost:
		p.Refuse("size", "A snapshot cannot be smaller than what it is taken of",
			fmt.Sprintf("The configuration asks for %s, and what it is taken of has %s. Ask for no less, or leave size out.", p.After.Text("size"), entity.FormatCapacity(parent)))
	case asked > parent && !writable:
		p.Warn("A write-protected snapshot does not grow",
			fmt.Sprintf("%s is to have %s, and what it is taken of has %s. The array makes it larger only where write_protected is false: "+
				"as it is, this can only be applied if what it is taken of grows first.", lockedThing(p.After), p.After.Text("size"), entity.FormatCapacity(parent)))
	}
}

// retained is what the array says of an object's retention; nil where it says nothing.
func retained(ctx context.Context, p *entity.Plan, id string) api.Object {
	if id == "" {
		return nil
	}
	o, err := p.Session.Client.Read(ctx, p.Collection(), id, []string{"id", "replica_ids", "created_by_snapshot_policy_id"})
	if err != nil {
		return nil
	}
	return o
}

func replicated(o api.Object) bool {
	replicas, told := o["replica_ids"].([]any)
	return !told || len(replicas) > 0
}

// clock is the array's, which decides when a lock is over, else this machine's.
// Terraform may plan a deletion before it has read anything.
func clock(ctx context.Context, p *entity.Plan) time.Time {
	now, known := p.Session.Client.ServerTime()
	if !known && p.Before.Known("lock_expires_at") {
		// Any answer tells the time, also that there is no volume of a group's id.
		_, _ = p.Session.Client.Read(ctx, "volumes", p.Before.ID("id"), []string{"id"})
		now, known = p.Session.Client.ServerTime()
	}
	if !known {
		return time.Now()
	}
	return now
}

// keptForEver is the danger of a snapshot that is no longer deleted in its time.
const keptForEver = "It is kept for ever from then on, and its data takes space until somebody deletes it."

func losesRetention(before, after entity.Values) bool {
	return before != nil && !before.Null("snapshot_retention") && after.Null("snapshot_retention")
}

// LockedCode is the array's refusal to delete a snapshot, or a snapshot group.
const LockedCode = "DELETE_LOCKED_SNAPSHOT"

// LockOf is until when an object is, or is to be, locked.
func LockOf(v entity.Values) (time.Time, bool) {
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
