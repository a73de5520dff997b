package replication

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// longestLock is how long the array locks a snapshot at most.
const longestLock = 365 * 24 * time.Hour

func checkDescription(text string) error {
	if n := utf8.RuneCountInString(text); n > 255 {
		return fmt.Errorf("the description must have at most 255 characters; this one has %d", n)
	}
	return nil
}

// checkReplica refuses what the array will refuse by itself.
func checkReplica(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	checkSnapshots(p)
	if p.Config.Known("filesystem_id") && p.After.Known("replication_type") && p.After.Text("replication_type") != asynchronous {
		p.Refuse("replication_type", "A filesystem takes ASYNC alone", "Only volumes and consistency groups are replicated in other ways.")
	}
	if p.Config.Known("mobility_source") && !p.After.Bool("mobility_source") {
		p.Refuse("mobility_source", "mobility_source is true or not set", "The array takes no other value. Leave it out for a replica that is no move.")
	}
	if p.Before == nil || p.Replaced {
		checkPairs(p)
		if overwritten(p) {
			common.WeighOverwriting(p)
		}
		warnOfOldCopies(ctx, p)
		return
	}
	checkRole(ctx, p)
}

// checkInterval refuses intervals that the array does not take.
func checkInterval(text string) error {
	if d, err := time.ParseDuration(text); err == nil && d != 0 && (d < atLeast || d > atMost) {
		return fmt.Errorf("%q is neither 0s, for jobs that are only begun by hand, nor between 4s and 24h", text)
	}
	return nil
}

// checkSnapshots holds what is said of snapshots against each other.
func checkSnapshots(p *entity.Plan) {
	including := p.After.Bool("including_snapshots")
	kept, known := timeOf(p, "snapshots_retention")
	locked, locks := timeOf(p, "lock_remote_snapshot_retention")
	switch {
	case !p.After.Known("including_snapshots") && p.Config.Unknown("including_snapshots"):
	case !including:
		for _, name := range []string{"snapshots_retention", "remote_snapshot_suffix", "lock_remote_snapshot_retention"} {
			if p.Config.Known(name) {
				p.Refuse(name, name+" is for replicas with snapshots", "Set including_snapshots = true for snapshots to be replicated too, or leave "+name+" out.")
			}
		}
	case p.After.Null("snapshots_retention"):
		p.Refuse("including_snapshots", "snapshots_retention is missing", `Say how long the other array keeps the snapshots: snapshots_retention = "168h" for a week.`)
	case locks && known && locked > kept:
		p.Refuse("lock_remote_snapshot_retention", "Snapshots cannot be locked for longer than they are kept", "Lower lock_remote_snapshot_retention, or raise snapshots_retention.")
	case locks && locked > longestLock:
		p.Refuse("lock_remote_snapshot_retention", "Snapshots are locked for 365 days at most", `That is "8760h".`)
	case p.Before != nil && p.Changes("replication_type") && p.After.Text("replication_type") == synchronous:
		p.Refuse("replication_type", "A replica with snapshots does not become SYNC", "Make another one without including_snapshots.")
	}
}

// timeOf is a time that a plan has; ok is false where it has none, or it is not known yet.
func timeOf(p *entity.Plan, name string) (d time.Duration, ok bool) {
	d, err := time.ParseDuration(p.After.Text(name))
	return d, err == nil
}

// checkRole warns of what only the array with the source does, where this one has the copy
// by now: the same plan may make the change there.
func checkRole(ctx context.Context, p *entity.Plan) {
	for _, name := range []string{"replication_type", "sync_interval", "rpo"} {
		if !p.Changes(name) {
			continue
		}
		o, err := p.Session.Client.Read(ctx, replicas, p.Before.ID("id"), nil)
		if err == nil && o["role"] == target {
			p.Warn("This array has the copy", fmt.Sprintf("%s of %s is changed on the array that has the source, and this one is the target by now: it refuses, unless the other one makes the same change in this run. "+onSource, name, describeReplica(o)))
		}
		return
	}
}

// onSource says what to do about a change that only the source takes.
const onSource = "Make the change in the configuration of the other array, let this one say what is true there, or switch the roles back first."

// leftOfReplica says what a deletion leaves on either array.
func leftOfReplica(ctx context.Context, s *entity.Session, before entity.Values) []string {
	o, err := s.Client.Read(ctx, replicas, before.ID("id"), nil)
	if err != nil {
		return nil
	}
	far := common.OtherArray(ctx, s, before.ID("link_id"))
	said := []string{describeEnds(o, far)}
	if o["replication_type"] == activeActive {
		said = append(said, common.LosesSerial(before, far))
	}
	if before.Bool(common.RetainStaging) {
		said = append(said, "What of the copy was on its way is kept as a snapshot.")
	}
	if common.IsForced(before) {
		said = append(said, fmt.Sprintf("Where %s has no part in it, its end of the replica (id %s there) stays behind, and somebody must delete it there.", far, before.ID("remote_replica_id")))
	}
	return said
}

// describeEnds says what becomes of what was replicated.
func describeEnds(o api.Object, far string) string {
	members := ""
	if names := describeMembers(o, "remote"); o["entity_type"] == group && names != "" {
		members = ", with " + names
	}
	if o["role"] == target {
		return fmt.Sprintf("This array has the copy: %q stays here by itself, and %q on %s%s.", ends(o, "local"), ends(o, "remote"), far, members)
	}
	return fmt.Sprintf("The copy %q on %s stays there by itself%s, and is no longer kept up to date.", ends(o, "remote"), far, members)
}

// explainReplica says what to do about what the array refuses.
func explainReplica(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if !v.Known("id") && mayMeetHalf[api.CodeOf(err)] {
		if half := halfReplica(ctx, s, v); half != nil {
			return half.advice(ctx, s, v.ID("link_id"))
		}
	}
	switch api.CodeOf(err) {
	case "REPLICA_CANNOT_CHANGE_TYPE_DURING_INITIALIZATION", "ACTIVE_ACTIVE_REPLICA_CANNOT_BE_SUSPENDED_DURING_INITIALIZATION", "NON_SYNCHRONIZED_REPLICA_CANNOT_SWITCH_ROLE":
		return "Apply again once the data is on the other array: is_initial is false then in the replica's data source, and sync_state is SYNCHRONIZED."
	case "REPLICATION_SNAPSHOTS_SIZE_MISMATCH":
		return "Apply again after the next job, which takes the new size to the other array: storage_infinibox_replica_sync begins one at once."
	case "REPLICA_NOT_ALLOWED_ON_TARGET":
		return "This array has the copy. " + onSource
	case "REPLICA_NOT_ALLOWED_TWO_SOURCES":
		return "Both arrays have the source since a failover: change the role of the one that is to be the copy first (storage_infinibox_replica_change_role)."
	case "REPLICA_INVALID_LINK":
		return "The link must be attached, of a network space that is fit for this type of replication; ACTIVE_ACTIVE needs a witness as well (witness_address of the link)."
	case "REPLICA_DELETION_NOT_ALLOWED_ON_TARGET":
		return "This array has the copy. Delete the replica on the array that has the source. Where that one is gone, set " + common.ForceOnTarget + " = true, apply that, and destroy the replica then."
	case "LINK_IO_ERROR", "LINK_IS_NOT_ACTIVE", "REPLICA_DELETION_ERROR", "REMOTE_API_FAILURE", "REMOTE_PERMISSION_REQUIRED":
		if v.Known("id") {
			return "Apply again once the link is up, as its link_state says. Where the other array is gone for good, the replica can be deleted here alone: set " + common.ForceRemoteError + " = true (" + common.ForceOnTarget + " where this array has the copy, " + common.ForceNoCredentials + " where only the user is unknown there), apply that, and destroy it then."
		}
		return "Nothing is made as long as the other array is out of reach: look at the link's link_state."
	case "VOLUME_NAME_CONFLICT", "FILESYSTEM_NAME_CONFLICT", "CG_NAME_CONFLICT":
		return "On the other array there is one of that name already, such as the copy of an earlier replica. Give the copy another name (remote_entity_name of entity_pairs, or remote_members_suffix), " +
			"have it taken and overwritten (base_action of entity_pairs), or delete it there."
	case "REPLICA_PARTIAL_FAILURE":
		if v.Known("id") {
			return "The two arrays have lost sight of each other in the middle of it, and this one does not know whether the other one has done its part. Apply again once the link is up, as its link_state says: what is done already is no hindrance."
		}
		return "The two arrays have lost sight of each other in the middle of it, and the other one may have made its half. Apply again once the link is up, as its link_state says: if the half is there, the error names it then, and how to delete it."
	}
	return ""
}
